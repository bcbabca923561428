// A phone's own keeper of passkeys, as Chromium can play one.
import type { Page } from '@playwright/test'

export interface Keeper {
  /** How many passkeys it keeps. */
  count: () => Promise<number>
  /** Whether its owner unlocks it when asked. */
  unlocks: (does: boolean) => Promise<void>
}

/** Gives the page's browser a keeper of passkeys that its owner unlocks with a finger. */
export async function keepPasskeys(page: Page): Promise<Keeper> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
    },
  })
  return {
    count: async () => (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    unlocks: async (does) => {
      await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: does })
    },
  }
}
