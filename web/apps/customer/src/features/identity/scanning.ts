// Signing in by scanning: what the code on the page says, and reading it with a camera.
import { onUnmounted, ref, type Ref } from 'vue'

const PATH = '/scan'
const CODE = /^[\w-]{43}$/
/** Frames looked at in a second: enough for a hand that holds still, and easy on a battery. */
const EVERY_MS = 200
/** The longer side of what is looked at; a code fills much of the picture. */
const SIDE = 640

/** What is drawn on the page: an address that a phone's own camera opens, too. The code is not part of what is sent. */
export function scanAddress(origin: string, code: string): string {
  return `${origin}${PATH}#${code}`
}

/** The code in an address of this bank; empty where it is none. */
export function codeOf(text: string, origin: string): string {
  if (!text.startsWith(`${origin}${PATH}#`)) return ''
  const code = text.slice(origin.length + PATH.length + 1)
  return CODE.test(code) ? code : ''
}

/** Looks through the camera until `found` takes what it reads. */
export function useCamera(video: Ref<HTMLVideoElement | undefined>, found: (text: string) => boolean) {
  const state = ref<'off' | 'starting' | 'on' | 'failed'>('off')
  let stream: MediaStream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    clearTimeout(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
    state.value = 'off'
  }
  async function start(): Promise<void> {
    state.value = 'starting'
    try {
      const { decodeQR } = await import('qr/decode.js')
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
      const shown = video.value
      if (!shown) return stop()
      shown.srcObject = stream
      await shown.play()
      state.value = 'on'
      look(shown, document.createElement('canvas'), decodeQR)
    } catch {
      stop()
      state.value = 'failed'
    }
  }
  function look(shown: HTMLVideoElement, canvas: HTMLCanvasElement, decode: (image: ImageData) => string): void {
    if (!stream) return
    const scale = Math.min(1, SIDE / Math.max(shown.videoWidth, shown.videoHeight, 1))
    canvas.width = Math.round(shown.videoWidth * scale)
    canvas.height = Math.round(shown.videoHeight * scale)
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    if (pen && canvas.width && canvas.height) {
      pen.drawImage(shown, 0, 0, canvas.width, canvas.height)
      const text = read(() => decode(pen.getImageData(0, 0, canvas.width, canvas.height)))
      if (text && found(text)) return stop()
    }
    timer = setTimeout(() => look(shown, canvas, decode), EVERY_MS)
  }
  onUnmounted(stop)
  return { state, start }
}

/** A frame without a code is no failure. */
function read(decode: () => string): string {
  try {
    return decode()
  } catch {
    return ''
  }
}
