// Generated from the server's description by `npm run generate`; do not edit.

export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, sums per currency and their worth in renminbi. */
        get: operations["accounts_overview"];
        put?: never;
        /** Opens an account remotely. */
        post: operations["accounts_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account. */
        get: operations["accounts_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Gives an account a nickname. */
        patch: operations["accounts_rename"];
        trace?: never;
    };
    "/api/accounts/{id}/authorized-persons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Authorized persons of an account. */
        get: operations["accounts_persons"];
        put?: never;
        /** Lets another customer see an account or move money from it. */
        post: operations["accounts_authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/authorized-persons/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraws what was granted to a person. */
        delete: operations["accounts_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes an empty account for ever. */
        post: operations["accounts_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Movements of an account, newest first. */
        get: operations["accounts_movements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/movements/{transfer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One movement, with the code that verifies its receipt. */
        get: operations["accounts_movement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/movements/{transfer_id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The receipt of a movement. */
        get: operations["accounts_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Uses a dormant account again. */
        post: operations["accounts_reactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account, masked. */
        get: operations["accounts_console_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Freezes an account: nothing leaves it any more. */
        post: operations["accounts_console_freeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Movements of an account, newest first, other parties masked. */
        get: operations["accounts_console_movements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/movements/{transfer_id}/unmask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The other party of a movement, or what the payer wrote, whole. */
        post: operations["accounts_console_unmask_movement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/state-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of state of an account, newest first. */
        get: operations["accounts_console_state_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/unfreeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lifts a freeze. */
        post: operations["accounts_console_unfreeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/{id}/unmask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The number of an account, whole. */
        post: operations["accounts_console_unmask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the news of this service is getting on, and what was set aside. */
        get: operations["accounts_console_news"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/news/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a dead letter relayed again. Whoever has heard it already does nothing; who refuses it again sets it aside again. */
        post: operations["accounts_console_news_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/of-customer/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts that a customer owns or was granted. */
        get: operations["accounts_console_of_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/console/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finds an account by its whole number or its id. */
        get: operations["accounts_console_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reference rates of the bank. */
        get: operations["accounts_rates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/receipt-checks/{verification_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks the verification code of a receipt. */
        get: operations["accounts_check_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/third-party/rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reference rates of the bank. */
        get: operations["accounts_third_party_rates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/console/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bank's public key for its audit record. */
        get: operations["audit_console_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/console/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done, by whom and to what, newest first. Searching is recorded, too. */
        get: operations["audit_console_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/console/records/{number}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A proof that a record is in what the bank signed: checked without the bank by `yuanhang audit check-proof`. There is
         *     none before the next checkpoint.
         */
        get: operations["audit_console_prove"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/agreements/{document}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Agrees to a document, in the version that holds now. */
        put: operations["customers_agree"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the customer agreed and consented to. */
        get: operations["customers_consents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/consents/{purpose}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives a consent or withdraws it. */
        put: operations["customers_change_consent"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/console/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One customer, masked. */
        get: operations["customers_console_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/console/{id}/unmask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One field of a customer, whole. The audit record holds who saw it, why and for which case, before it is answered. */
        post: operations["customers_console_unmask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/console/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the news of this service is getting on, and what was set aside. */
        get: operations["customers_console_news"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/console/news/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a dead letter relayed again. Whoever has heard it already does nothing; who refuses it again sets it aside again. */
        post: operations["customers_console_news_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/console/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers by phone, number, id or name. */
        get: operations["customers_console_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The documents to which whoever signs up agrees. */
        get: operations["customers_documents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/customers/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in customer's own data. */
        get: operations["customers_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gateway/console/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["gateway_console_policies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gateway/console/policies/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["gateway_console_policies_trial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for the customer, the oldest first. */
        get: operations["identity_approvals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them, waiting or not. */
        get: operations["identity_approval"];
        put?: never;
        /** Approves, with the signature of a passkey over the act. */
        post: operations["identity_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/approvals/{id}/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask a passkey for: its challenge is the SHA-256 of the act, so that what is shown is what is signed. */
        post: operations["identity_begin_approval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/approvals/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses: nothing is moved. */
        post: operations["identity_refuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls that ask in the customer's name, the oldest first. */
        get: operations["identity_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/calls/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The customer approves, and gives the number that is read out in the call. Asks first for a proof that the customer is
         *     there.
         */
        post: operations["identity_approve_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/calls/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer refuses. */
        post: operations["identity_refuse_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a one-time code. The answer is the same whether anybody has the phone or not. */
        post: operations["identity_send_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/countersignatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a second pair of eyes, and what one asked or decided of late. */
        get: operations["identity_console_countersignatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/countersignatures/{countersignature_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them. */
        get: operations["identity_console_countersignature"];
        put?: never;
        /** A second member of staff countersigns: whoever asked may now do it. */
        post: operations["identity_console_countersign"];
        /** Whoever asked takes it back. */
        delete: operations["identity_console_withdraw_countersignature"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/countersignatures/{countersignature_id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second member of staff refuses. */
        post: operations["identity_console_refuse_countersignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/customers/{customer_id}/number-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Until when what comes to the phone of a customer proves nothing. */
        get: operations["identity_console_number_hold"];
        put?: never;
        post?: never;
        /** The customer is here, with their documents, and changed the SIM themselves. Takes a second pair of eyes. */
        delete: operations["identity_console_lift_number_hold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/customers/{customer_id}/recoveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who waits for a new password of a customer. */
        get: operations["identity_console_recoveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/customers/{customer_id}/recoveries/{recovery_id}/vouch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer is here, and so are their documents. The second member of staff who says so ends the waiting. */
        post: operations["identity_console_vouch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/emergencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Emergencies: those under way, those that nobody has looked at, and those of late. */
        get: operations["identity_console_emergencies"];
        put?: never;
        /** Declares one: for a while this session may do more than usual. Everybody sees it, and another looks at it afterwards. */
        post: operations["identity_console_begin_emergency"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/emergencies/{emergency_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one's own before its time. */
        delete: operations["identity_console_end_emergency"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/emergencies/{emergency_id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what one found who looked at what was done in another's. */
        post: operations["identity_console_review_emergency"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/enrollment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers the passkey that was made, and signs its owner in; the code is used up. */
        post: operations["identity_console_enroll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/enrollment/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask the browser for, to make the passkey of a member of staff who has an enrollment code. */
        post: operations["identity_console_begin_enrollment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/erasures/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a customer is to be erased. */
        get: operations["identity_console_erasure"];
        put?: never;
        /** Takes the request of a customer on paper; refused while accounts are open. */
        post: operations["identity_console_take_erasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the news of this service is getting on, and what was set aside. */
        get: operations["identity_console_news"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/news/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a dead letter relayed again. Whoever has heard it already does nothing; who refuses it again sets it aside again. */
        post: operations["identity_console_news_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/passkey-sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in the member of staff whose passkey signed. */
        post: operations["identity_console_sign_in_with_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/passkey-sign-in/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask a passkey for at the console's door. */
        post: operations["identity_console_begin_passkey_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is at the desk. */
        get: operations["identity_console_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In which ways staff sign in. */
        get: operations["identity_console_sign_in_ways"];
        put?: never;
        /** Signs a member of staff in with a password, where the bank is a demonstration. */
        post: operations["identity_console_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs out of the console. */
        post: operations["identity_console_sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may sign in to the console. */
        get: operations["identity_console_staff"];
        put?: never;
        /** Adds a member of staff; with the code, which is shown here alone, they register a passkey. */
        post: operations["identity_console_add_staff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/staff/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a member of staff; their sessions end at once. */
        delete: operations["identity_console_remove_staff"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/staff/{id}/enrollment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a member of staff who lost their passkey a new code: their passkeys are gone, and their sessions end at once. */
        post: operations["identity_console_enroll_staff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves that the member of staff is there, with their passkey; with a password where the bank is a demonstration. */
        post: operations["identity_console_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/step-up/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask the passkey of the member of staff for. */
        post: operations["identity_console_begin_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/tablets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tablets, by name. */
        get: operations["identity_console_tablets"];
        put?: never;
        /** Registers a tablet; its code is shown once. */
        post: operations["identity_console_add_tablet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/tablets/{device_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a tablet; whoever is signed in on it is signed out at once. */
        delete: operations["identity_console_remove_tablet"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/third-parties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All third parties, by name. */
        get: operations["identity_console_third_parties"];
        put?: never;
        /** Registers a third party. */
        post: operations["identity_console_add_third_party"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/third-parties/{third_party_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a third party; its tokens end at once. */
        delete: operations["identity_console_remove_third_party"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/third-parties/{third_party_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers a further key, beside the ones that are in use. */
        post: operations["identity_console_add_third_party_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/console/third-parties/{third_party_id}/keys/{thumbprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a key away; the tokens of its third party end at once. */
        delete: operations["identity_console_remove_third_party_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The customer's devices, the last used first. */
        get: operations["identity_devices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Parts with a device: every session on it ends at once. Asks first for a proof that the customer is there. */
        delete: operations["identity_remove_device"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A fresh envelope, to which a page seals the passwords of its next request. */
        post: operations["identity_envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the customer is to be erased. */
        get: operations["identity_erasure"];
        put?: never;
        /** Asks that the customer be erased. Asks first for a proof that the customer is there; refused while accounts are open. */
        post: operations["identity_ask_erasure"];
        /** Takes it back. */
        delete: operations["identity_withdraw_erasure"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A copy of what the bank knows of the customer. Asks first for a proof that the customer is there. */
        post: operations["identity_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The customer's passkeys, the oldest first. */
        get: operations["identity_passkeys"];
        put?: never;
        /** Adds the passkey that the browser made. */
        post: operations["identity_add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a passkey. Asks first for a proof that the customer is there. */
        delete: operations["identity_remove_passkey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask the browser for, to make a passkey. Asks first for a proof that the customer is there. */
        post: operations["identity_begin_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/passkeys/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in the owner of the passkey that signed. */
        post: operations["identity_sign_in_with_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/passkeys/sign-in/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask a passkey for at the door. */
        post: operations["identity_begin_passkey_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces the password, with the old one or a passkey; every other session of the customer ends. */
        put: operations["identity_change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password for the one who holds the phone and knows the identity number; every session of theirs ends. On
         *     a device that the bank does not know, only after waiting: 202 says from when to ask again.
         */
        post: operations["identity_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets the payment PIN, with the password. */
        put: operations["identity_set_pin"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/recoveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who waits for a new password of the customer. */
        get: operations["identity_recoveries"];
        put?: never;
        post?: never;
        /** The customer has forgotten nothing: nobody gets a new password. */
        delete: operations["identity_refuse_recoveries"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A code for a page to show at the door. */
        post: operations["identity_begin_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/scans/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer approves, and gives the number that the page shows. Asks first for a proof that the customer is there. */
        post: operations["identity_approve_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/scans/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer refuses. */
        post: operations["identity_refuse_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/scans/{id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How far the scan is; once the owner of the phone approved, signs in the page that asks. Asked again and again. */
        post: operations["identity_sign_in_by_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/scans/taken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The phone has read a code: it is the phone's, and shows which page asks. */
        post: operations["identity_take_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["identity_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the customer is signed in. */
        get: operations["identity_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of the customer's sessions at once. */
        delete: operations["identity_end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs a customer in. */
        post: operations["identity_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who signed in as the customer, or was refused, the newest first. */
        get: operations["identity_sign_ins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs out. The cookie is that of the page around, where a mini-program signs itself out. */
        post: operations["identity_sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Becomes a customer and signs in. The same request again, while its code is good, signs in again. */
        post: operations["identity_sign_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves that the customer is there, with the password, a passkey or the authenticator app. */
        post: operations["identity_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/step-up/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to ask one of the customer's passkeys for. */
        post: operations["identity_begin_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/tablet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The page that asks is that of a tablet which was registered, for the code that was given for it. It proves to hold a
         *     key, by which it is known from then on.
         */
        post: operations["identity_claim_tablet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/third-party/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody calls. The answer is the same whether anybody has the number or not. */
        post: operations["identity_third_party_begin_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/third-party/calls/{id}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs the caller in: with the payment PIN where it comes along, else once the customer approved in the app. Asked again
         *     and again.
         */
        post: operations["identity_third_party_enter_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/third-party/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose token it is, for what, and until when. */
        get: operations["identity_third_party_session"];
        put?: never;
        post?: never;
        /** Ends the session of the token that comes along. */
        delete: operations["identity_third_party_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/third-party/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token for a program of a third party, for a signed assertion and a proof of possession. Not found again. */
        post: operations["identity_third_party_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/token-exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A session for a mini-program or an embedded page that the customer opened in this one. An exchange of tokens (RFC 8693)
         *     between two pages of the bank: the token that is exchanged is the one of this session, and the body is JSON.
         */
        post: operations["identity_exchange_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the customer has an authenticator app. */
        get: operations["identity_totp"];
        put?: never;
        /** Puts the secret that was shown in force, by a code of it. */
        post: operations["identity_confirm_totp"];
        /** Removes the authenticator app. Asks first for a proof that the customer is there. */
        delete: operations["identity_remove_totp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity/totp/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows a new secret, once. Asks first for a proof that the customer is there; an app that is in force stays so until the
         *     new one is confirmed.
         */
        post: operations["identity_begin_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/batch/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Posts a file of transfers: one JSON object per line, at most 4,096 bytes each and 1,000,000 in all. Answers one
         *     line per row, in order; blank lines are passed over. Rows that cannot be read are answered and stop no other.
         *     Send the file again where an answer is missing: rows with the same ids move nothing twice.
         */
        post: operations["ledger_batch_transfers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/console/books": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ledger_console_books"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/console/business-date": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ledger_console_business_date"];
        put?: never;
        post: operations["ledger_console_advance_business_date"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/console/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the calendar makes this service do, and what became of it. */
        get: operations["ledger_console_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/console/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ledger_console_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/console/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ledger_console_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/console/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages the bank has sent, newest first. */
        get: operations["messages_console_outbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/console/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the news of this service is getting on, and what was set aside. */
        get: operations["payments_console_news"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/console/news/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a dead letter relayed again. Whoever has heard it already does nothing; who refuses it again sets it aside again. */
        post: operations["payments_console_news_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Limits of an account, how much of them is used, and how high they may be set. */
        get: operations["payments_limits"];
        /** Sets the limits of your account: lower at will, higher up to the ceiling. */
        put: operations["payments_limits_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/payee-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether the name is that of the account or phone. */
        post: operations["payments_payee_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/payees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your saved payees. */
        get: operations["payments_payees"];
        put?: never;
        /** Saves a payee; the same number or phone again replaces it. */
        post: operations["payments_payee_save"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/payees/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a saved payee. */
        delete: operations["payments_payee_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/third-party/payee-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether a name is that of the owner of an account. */
        post: operations["payments_third_party_payee_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves money to an own account, to another customer or to a saved payee; once per idempotency key. */
        post: operations["payments_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of a transfer that you ordered. */
        get: operations["payments_transfer_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Whom a path names. */
        AboutView: {
            /** @description What staff and third parties are called in the bank; empty of customers, whose page shows them masked. */
            called: string;
            /** @description Its id. */
            id: string;
            /** @description `staff`, `third_party` or `customer`. */
            kind: string;
        };
        /** @description Whose name to check. */
        AccountNameCheckBody: {
            /** @description A 19-digit account number. */
            account_number: string;
            /** @description Full name of its owner. */
            name: string;
        };
        /** @description How the name compares. Nothing else is told of the account or of whether there is one. */
        AccountNameCheckView: {
            /** @description `match`, `close` or `no_match`. */
            match: string;
        };
        /** @description An account as its owner or an authorized person sees it. */
        AccountView: {
            /** @description What can be moved away. */
            available: components["schemas"]["Amount"];
            /** @description What is on it. */
            balance: components["schemas"]["Amount"];
            /** @description `I`, `II` or `III`. */
            class: string;
            /** @description ISO 4217 code. */
            currency: string;
            /** @description UUID. */
            id: string;
            /** @description The owner's name for it; may be empty. */
            nickname: components["schemas"]["PersonalText"];
            number?: components["schemas"]["PersonalAccountNumber"] | null;
            /** @description First and last four digits. */
            number_masked: components["schemas"]["PersonalAccountNumber"];
            /** @description Day of opening. */
            opened_on: string;
            owner_name?: components["schemas"]["PersonalName"] | null;
            /** @description `own`, `move` or `see`. */
            right: string;
            /** @description `active`, `frozen`, `dormant` or `closed`. */
            state: string;
        };
        /** @description Moves the business date. */
        AdvanceBusinessDate: {
            /** @description The new date, later than the current one: `2026-11-23`. */
            to: string;
        };
        /** @description A document that was agreed to. */
        AgreedDocument: {
            document: components["schemas"]["DocumentKind"];
            /** @description Its version. */
            version: string;
        };
        /** @description Agrees to a version of a document. */
        AgreementRequest: {
            /** @description The version that was shown. */
            version: string;
        };
        /** @description A document and what the customer agreed to of it. */
        AgreementView: {
            /** @description When, UTC. */
            agreed_at?: string | null;
            /** @description The version that the customer agreed to last; none where they never did. */
            agreed_version?: string | null;
            /** @description `terms` or `privacy`. */
            document: string;
            /** @description The version that holds now. */
            version: string;
        };
        /** @description `{"amount": "12.30", "currency": "CNY"}`. */
        Amount: {
            /**
             * @description Decimal, with at most the currency's places: `12.30`.
             * @example 12.30
             */
            amount: string;
            /**
             * @description ISO 4217 alphabetic code.
             * @example CNY
             */
            currency: string;
        };
        /** @description What waits, the oldest first. */
        ApprovalList: {
            approvals: components["schemas"]["ApprovalView"][];
        };
        /** @description The answer of a passkey over an approval. */
        ApprovalSigned: {
            /** @description `AuthenticationResponseJSON`: what `PublicKeyCredential.toJSON` gives. */
            credential: components["schemas"]["BrowserJson"];
        };
        /** @description Something that waits for the customer's approval, or did. */
        ApprovalView: {
            /**
             * @description The text that is signed, in JSON: `what`, `payee`, `account`, `amount`, `currency`, `from`, `order`, `nonce`,
             *     `expires_at`. Show what stands in it and nothing else.
             */
            act: components["schemas"]["PersonalText"];
            asked_at: string;
            /** @example web */
            channel: string;
            /** @description Whether it was ordered in the session that asks. */
            current: boolean;
            /** @description Where it was ordered. */
            device_name: components["schemas"]["PersonalDevice"];
            expires_at: string;
            id: string;
            /**
             * @description `waiting`, `approved`, `refused`, `expired` or `used`.
             * @example waiting
             */
            state: string;
        };
        /** @description A person to authorize. */
        AuthorizeBody: {
            /** @description Full name. */
            name: string;
            /** @description Mobile number with which the person is a customer. */
            phone: string;
            /** @description `see` or `move`. */
            right: string;
        };
        /** @description One transfer. Its id is minted by the caller and kept for repetitions: the same row again moves nothing twice. */
        BatchRow: {
            /** @description How much, in the currency of both accounts. */
            amount: components["schemas"]["Amount"];
            /** @description The day under which it is booked, `2026-11-22`; the book's business date where it is left out. */
            booked_on?: string | null;
            /**
             * Format: int32
             * @description What kind of movement it is, 1 to 65535: 40 for a salary.
             */
            code: number;
            /** @description Whether limits of the account debited apply. */
            counts_toward_limits?: boolean;
            /** @description The account credited. */
            credit: string;
            /** @description The account debited. */
            debit: string;
            /**
             * @description A UUID, unique for ever.
             * @example 0199e0c2-6c5e-7d5a-9a3c-3f0d6a1b2c3d
             */
            id: string;
            /** @description The day from which it bears interest; the booking day where it is left out. */
            value_on?: string | null;
        };
        /** @description What became of one row. */
        BatchRowResult: {
            credit_balance?: components["schemas"]["Amount"] | null;
            debit_balance?: components["schemas"]["Amount"] | null;
            /** @description The id of the row; left out where the row could not be read. */
            id?: string | null;
            /** @description Why, in the caller's language; left out where it was done. */
            reason?: string | null;
            /**
             * Format: int64
             * @description The line, from 1.
             */
            row: number;
            /** @description `ok`, `repeated` (done before, nothing moved now), or why it was refused: a stable code. */
            status: string;
        };
        /**
         * @description Whether something may be done.
         * @enum {string}
         */
        Becomes: "allowed" | "countersigned" | "denied";
        /** @description Two books, compared. */
        BooksComparedView: {
            /** @description The asset that went between them. */
            asset: string;
            /** @description One of them. */
            left: string;
            /**
             * Format: int64
             * @description Transfers under way.
             */
            open: number;
            /** @description The other. */
            right: string;
            /**
             * Format: int64
             * @description Transfers of which both say the same.
             */
            transfers: number;
            /** @description Transfers of which one says what the other does not. */
            unmatched: string[];
        };
        /** @description Comparisons of the books of the bank; none where it has one book. */
        BooksView: {
            /** @description Each two of them. */
            books: components["schemas"]["BooksComparedView"][];
            /** @description When they were compared last, RFC 3339. */
            compared_at?: string | null;
        };
        BrowserJson: {
            [key: string]: unknown;
        };
        /** @description The business date. */
        BusinessDateView: {
            /** @description `2026-11-22`. */
            business_date: string;
        };
        /** @description The customer approves a call. */
        CallApprovalRequest: {
            /**
             * Format: int32
             * @description The number that is read out in the call, 10 to 99.
             */
            number: number;
        };
        /** @description A call that can be signed in. */
        CallBegunView: {
            /**
             * Format: int32
             * @description Seconds for which it can be signed in.
             */
            expires_in_s: number;
            id: string;
            /**
             * Format: int32
             * @description To be read out to the caller, 10 to 99: whoever approves in the app gives it.
             */
            number: number;
        };
        /** @description How a caller is to be signed in. */
        CallEnterRequest: {
            /**
             * Format: password
             * @description The payment PIN, as it was keyed in. Left out: by approval in the app.
             */
            pin?: string | null;
        };
        /** @description Calls that ask in the customer's name, the oldest first. */
        CallList: {
            calls: components["schemas"]["CallView"][];
        };
        /** @description How far a call is. */
        CallProgress: {
            /**
             * @description `open`: nobody has decided.
             * @example open
             */
            state: string;
        };
        /** @description Somebody calls. */
        CallRequest: {
            /**
             * @description The mobile number that calls, 11 digits.
             * @example 13900001234
             */
            caller_number: string;
        };
        /** @description A token to ask with in the name of the customer who called. */
        CallToken: {
            /** @description Goes into `Authorization: DPoP …`, with a proof of the key that asked for it. */
            access_token: string;
            /**
             * Format: int32
             * @description Seconds.
             */
            expires_in: number;
            /** @description `DPoP`. */
            token_type: string;
        };
        /** @description A call that asks in the customer's name. */
        CallView: {
            asked_at: string;
            /** @description The telephone system that was called, as the bank registered it. */
            asked_by: string;
            /** @description Until when it can be approved. */
            expires_at: string;
            id: string;
        };
        /** @description The highest limits that may be set. */
        CeilingView: {
            per_day?: components["schemas"]["Amount"] | null;
            per_month?: components["schemas"]["Amount"] | null;
            per_transfer?: components["schemas"]["Amount"] | null;
        };
        /** @description What one kind of principal may do of one group. */
        CellView: {
            /** @description What of it may be done at least sometimes, sorted. */
            allowed: string[];
            /** @description What of it may be done only once another member of staff has countersigned it, sorted. */
            countersigned: string[];
            /** @description How much of it. */
            extent: components["schemas"]["Extent"];
            /** @description Which group. */
            group: string;
        };
        /** @description Something that would change. */
        ChangeView: {
            /** @description What: an operation id. */
            action: string;
            /** @description What it would become. */
            becomes: components["schemas"]["Becomes"];
            /** @description The group it is in. */
            group: string;
            /** @description For whom: `customer`, a role, or a scope of third parties. */
            kind: string;
            /** @description Through which channels and with which assurance (1 to 3); empty: always. */
            only: components["schemas"]["WhenView"][];
        };
        /** @description A code is on its way, if there is anybody to send it to. */
        CodeAnswer: {
            /**
             * Format: int32
             * @description Seconds for which the code is good.
             */
            expires_in_s: number;
            /**
             * Format: int32
             * @description Seconds before another may be asked for.
             */
            resend_after_s: number;
        };
        /**
         * @description What a one-time code is for.
         * @enum {string}
         */
        CodePurpose: "sign_up" | "sign_in" | "reset_password";
        /** @description Asks for a one-time code. */
        CodeRequest: {
            /**
             * @description Mobile number, 11 digits.
             * @example 13900001234
             */
            phone: string;
            purpose: components["schemas"]["CodePurpose"];
        };
        /** @description Gives a consent or withdraws it. */
        ConsentRequest: {
            /** @description Whether it is to hold. */
            given: boolean;
        };
        /** @description What a customer agreed and consented to. */
        Consents: {
            /** @description In the order in which they are shown. */
            agreements: components["schemas"]["AgreementView"][];
            /** @description In the order in which they are shown. */
            consents: components["schemas"]["ConsentView"][];
        };
        /** @description A purpose for which personal data may be used if the customer wants it. */
        ConsentView: {
            /** @description When it was given or withdrawn last, UTC; none where it never was. */
            changed_at?: string | null;
            /** @description Whether a consent holds. */
            given: boolean;
            /** @description `marketing`, `personalization` or `sharing`. */
            purpose: string;
        };
        /** @description Accounts found. */
        ConsoleAccountsView: {
            /** @description May be empty. */
            accounts: components["schemas"]["ConsoleAccountView"][];
        };
        /** @description An account as staff see it: masked. */
        ConsoleAccountView: {
            /** @description What can be moved away. */
            available: components["schemas"]["Amount"];
            /** @description What is on it. */
            balance: components["schemas"]["Amount"];
            /** @description `I`, `II` or `III`. */
            class: string;
            /** @description ISO 4217 code. */
            currency: string;
            /** @description UUID of the owner. */
            customer_id: string;
            /** @description UUID. */
            id: string;
            /** @description Limits toward others. */
            limits: components["schemas"]["LimitsView"];
            /** @description First and last four digits. */
            number_masked: components["schemas"]["PersonalAccountNumber"];
            /** @description Day of opening. */
            opened_on: string;
            /** @description Masked name of the owner. */
            owner_masked_name: components["schemas"]["PersonalName"];
            /** @description `own`, `move` or `see`: of the customer whose accounts are listed. */
            right: string;
            /** @description `active`, `frozen`, `dormant` or `closed`. */
            state: string;
        };
        /** @description An account with its balance and limits. */
        ConsoleDetailView: {
            /** @description Masked. */
            account: components["schemas"]["ConsoleAccountView"];
        };
        /** @description The same for staff. */
        ConsoleRecovery: {
            asked_at: string;
            /** @example web */
            channel: string;
            expires_at: string;
            id: string;
            /** @description Whether the one who asks has vouched for it. */
            mine: boolean;
            /** @description From when a new password can be set. */
            ready_at: string;
            /**
             * @description `asked`: nobody saw the customer's documents. `vouched`: one did. `confirmed`: two did, and the waiting is over.
             * @example asked
             */
            state: string;
        };
        /** @description What waits for a new password of one customer, the oldest first. */
        ConsoleRecoveryList: {
            recoveries: components["schemas"]["ConsoleRecovery"][];
        };
        /** @description A worth by reference rates. */
        ConvertedView: {
            /** @description Decimal. */
            amount: string;
            /** @description `CNY`. */
            currency: string;
            /** @description Day of the rates. */
            rates_on: string;
        };
        /** @description What waits for a member of staff, what they asked and what they decided of late; the youngest first. */
        CountersignatureList: {
            countersignatures: components["schemas"]["CountersignatureView"][];
        };
        /** @description Something that takes a second pair of eyes. */
        CountersignatureView: {
            /** @description Whom it is about, with their names; may be empty. */
            about: components["schemas"]["AboutView"][];
            /** @description What is asked: an operation id. */
            action: string;
            /** @description When, RFC 3339. */
            asked_at: string;
            /** @description Who asked, by the name they sign in with; empty where they are of the staff no longer. */
            asked_by: string;
            /** @description What stands in the request; absent where there is nothing, where it is longer than 16 KiB, and after a month. */
            body?: string | null;
            /**
             * Format: int64
             * @description Bytes of the request's body.
             */
            body_bytes: number;
            /** @description SHA-256 of the request's body, in hex: a file can be compared with it. */
            body_sha256: string;
            /** @description Whether it is for whoever looks to decide. */
            can_decide: boolean;
            /** @description When, RFC 3339. */
            decided_at?: string | null;
            /** @description Who decided, by the name they sign in with. */
            decided_by?: string | null;
            /** @description Until when it can be countersigned and then be done, RFC 3339. */
            expires_at: string;
            /** @description Its id. */
            id: string;
            /** @description `POST`, `PUT`, `PATCH` or `DELETE`. */
            method: string;
            /** @description Whether whoever looks asked for it. */
            own: boolean;
            /** @description The path, with its query where there is one. */
            path: string;
            /**
             * @description `waiting`, `countersigned`, `refused`, `withdrawn`, `used` or `expired`.
             * @example waiting
             */
            state: string;
        };
        /**
         * @description Whether a customer is a person or a business.
         * @enum {string}
         */
        CustomerKind: "person" | "business";
        /** @description Customers found. */
        CustomersFound: {
            /** @description Oldest first; may be empty. */
            customers: components["schemas"]["MaskedCustomerView"][];
        };
        /** @description A customer as they see themselves. */
        CustomerView: {
            address?: components["schemas"]["PersonalAddress"] | null;
            born_on?: components["schemas"]["PersonalBornOn"] | null;
            /** @description Administrative division, six digits (GB/T 2260). */
            division?: string | null;
            /** @description Its first level in the caller's language. */
            division_name?: string | null;
            /** @description The customer's id. */
            id: string;
            /** @description `person` or `business`. */
            kind: string;
            /** @description `declared`, `verified` or `suspended`. */
            kyc: string;
            masked_id_number?: components["schemas"]["PersonalIdNumber"] | null;
            masked_phone?: components["schemas"]["PersonalPhone"] | null;
            /** @description Full name. */
            name: components["schemas"]["PersonalName"];
        };
        /** @description An event that was set aside, because somebody who hears it refused it again and again. Its content is not shown. */
        DeadLetterView: {
            /**
             * Format: int64
             * @description How often it was refused since it was announced or replayed.
             */
            attempts: number;
            /** @description Which reaction refused it the last time, and why. */
            failure: string;
            /** @description Services that hear it; those that have done so hear nothing new. */
            heard_by: string[];
            /** @description UUID of the event. */
            id: string;
            /** @description UUID of what it is about; may be empty. */
            key: string;
            /** @description When it happened, RFC 3339. */
            occurred_at: string;
            /** @description When and by whom it was replayed, oldest first; may be empty. */
            replays: components["schemas"]["ReplayView"][];
            /** @description When it was set aside, RFC 3339. */
            set_aside_at: string;
            /** @description `domain.past_participle`, for example `payments.transfer_posted`. */
            topic: string;
        };
        /** @description A customer's devices, the last used first. */
        DeviceList: {
            devices: components["schemas"]["DeviceView"][];
        };
        /** @description A device that signed the customer in. */
        DeviceView: {
            /** @description Whether it is the one that asks. */
            current: boolean;
            first_seen_at: string;
            id: string;
            /** @description When it last signed the customer in. */
            last_seen_at: string;
            /** @description For example `Chrome · Windows`; empty where it says nothing known. */
            name: components["schemas"]["PersonalDevice"];
            /**
             * @description `trusted`: its key is a factor. `bound`: it proves to be there with a key. `known`: by a cookie alone.
             * @example trusted
             */
            trust: string;
        };
        /**
         * @description Which document.
         * @enum {string}
         */
        DocumentKind: "terms" | "privacy";
        /** @description The documents to which customers agree. */
        Documents: {
            /** @description In the order in which they are shown. */
            documents: components["schemas"]["DocumentView"][];
        };
        /** @description A document in the version that holds now. */
        DocumentView: {
            /** @description `terms` or `privacy`. */
            document: string;
            /** @description Its version. */
            version: string;
        };
        /** @description Emergencies that nobody has looked at, and those of the last 90 days; the youngest first. */
        EmergencyList: {
            emergencies: components["schemas"]["EmergencyView"][];
            /**
             * Format: int32
             * @description How long one lasts at most, seconds.
             */
            lasts_s: number;
        };
        /** @description Why more than usual has to be done. */
        EmergencyRequest: {
            /**
             * @description `outage`, `security_incident`, `customer_harm` or `authority_order`.
             * @example outage
             */
            reason: string;
            /**
             * @description Number of the case: a letter, then up to 31 letters, digits and `-`; no more than 8 digits in a row.
             * @example CASE-20261127-0012
             */
            reference: string;
        };
        /** @description What somebody found who looked at an emergency. */
        EmergencyReviewRequest: {
            /** @description Whether what was done was right. */
            justified: boolean;
        };
        /** @description An emergency. */
        EmergencyView: {
            /** @description When it began, RFC 3339. */
            begun_at: string;
            /** @description Whose it is, by the name they sign in with; empty where they are of the staff no longer. */
            declared_by: string;
            /** @description Whether it is the session of whoever looks that may do more than usual. */
            here: boolean;
            /** @description Its id. */
            id: string;
            /** @description Whether what was done was right. */
            justified?: boolean | null;
            /** @description Whether it is over. */
            over: boolean;
            /** @description Whether it is that of whoever looks. */
            own: boolean;
            /**
             * @description `outage`, `security_incident`, `customer_harm` or `authority_order`.
             * @example outage
             */
            reason: string;
            /** @description Number of the case. */
            reference: string;
            /** @description When, RFC 3339. */
            reviewed_at?: string | null;
            /** @description Who looked at it afterwards, by the name they sign in with. */
            reviewed_by?: string | null;
            /** @description The session in which more than usual could be done: what was done in it is in the audit record. */
            session: string;
            /** @description When it ends at the latest, or ended, RFC 3339. */
            until: string;
        };
        /** @description Begins to register a passkey. */
        EnrollmentBeginRequest: {
            /**
             * @description The enrollment code, with or without its hyphens.
             * @example 7K2QD-90TZM-4XBWA-C5RHE
             */
            code: string;
            name: string;
        };
        /** @description Registers the passkey that was made, and signs its owner in. */
        EnrollmentRequest: {
            /** @description The enrollment code, with or without its hyphens. */
            code: string;
            /** @description `RegistrationResponseJSON`: what `PublicKeyCredential.toJSON` gives. */
            credential: components["schemas"]["BrowserJson"];
            name: string;
        };
        /**
         * @description To what a page seals the passwords of one request, good once: SM2 (GB/T 32918.4), in base64url C1 (uncompressed), C3 and C2
         *     of the password in UTF-8, filled up with zeros so that its length does not show.
         */
        EnvelopeView: {
            /** @description Goes into `sealed_by` of the request. */
            challenge: string;
            /** @description The public key, in base64url: `04`, x and y. */
            key: string;
        };
        /** @description Whether a customer is to be erased. */
        ErasureState: {
            erasure?: components["schemas"]["ErasureView"] | null;
            /**
             * Format: int32
             * @description How many years the law has the bank keep what is sealed of a customer who had an account.
             */
            kept_years: number;
            /**
             * Format: int32
             * @description How many days there are to think it over after asking.
             */
            wait_days: number;
        };
        /** @description That a customer is to be erased. */
        ErasureView: {
            /** @description When it was asked, UTC. */
            asked_at: string;
            /** @description When it is done, UTC; until then it can be taken back. */
            due_at: string;
            /** @description Whether the bank has the request on paper. */
            on_paper: boolean;
        };
        /**
         * @description A copy of what the bank knows of a customer and of how they came in. Accounts, movements, payees and consents are
         *     answered by their own routes.
         */
        ExportView: {
            devices: components["schemas"]["DeviceView"][];
            /** @description When it was made, UTC. */
            exported_at: string;
            passkeys: components["schemas"]["PasskeyView"][];
            profile: components["schemas"]["ProfileCopy"];
            sessions: components["schemas"]["SessionListItem"][];
            /** @description The newest first. */
            sign_ins: components["schemas"]["SignInView"][];
            totp?: components["schemas"]["TotpView"] | null;
        };
        /**
         * @description How much may be done.
         * @enum {string}
         */
        Extent: "all" | "some" | "none";
        /** @description Something wrong in a file. */
        FaultView: {
            /** @description The file. */
            file: string;
            /** @description What to do about it; may be empty. */
            help: string;
            /** @description The line, from 1; absent where the whole file is meant. */
            line?: number | null;
            /** @description What is wrong. */
            what: string;
        };
        /** @description A file. */
        FileView: {
            /** @description Its name. */
            name: string;
            /** @description What stands in it. */
            text: string;
        };
        /** @description A group of actions. */
        GroupView: {
            /** @description The operation ids in it, sorted. */
            actions: string[];
            /** @description Who does it: `customer`, `staff` or `third_party`. */
            asked_by: string;
            /** @description Its id: `console_look`. */
            id: string;
            /** @description What it is, in Chinese. */
            says: string;
            /** @description What it is, in English. */
            says_en: string;
        };
        /** @description A job's run for one day. */
        JobRunView: {
            /** @description When it was begun, RFC 3339; missing where it was skipped. */
            begun_at?: string | null;
            /** @description When it was done, RFC 3339; missing until then. */
            done_at?: string | null;
            /** @description The day for which it runs, `2026-11-27`. */
            due_on: string;
            /** @description Why the last try failed; missing where it did not. */
            failure?: string | null;
            /** @description How far it came, in its own words; may be empty. */
            progress: string;
            /**
             * @description `done`; `failed` and tried again; `begun`, under way or cut off and to be continued; `left` undone for the next
             *     day; `skipped` on the day on which it became known.
             */
            state: string;
            /**
             * Format: int64
             * @description How often it was tried.
             */
            tries: number;
        };
        /** @description What the calendar makes a service do. */
        JobsView: {
            /** @description Its jobs; never empty. */
            jobs: components["schemas"]["JobView"][];
        };
        /** @description A job. */
        JobView: {
            /** @description When it runs, hours and minutes in China, `03:30`. */
            at: string;
            /** @description `every` day, or `workdays` alone. */
            days: string;
            /** @description `domain.job`, for example `ledger.verify`. */
            name: string;
            /** @description Its latest days, newest first; empty until it is known. */
            runs: components["schemas"]["JobRunView"][];
        };
        /** @description The public key with which proofs are checked. */
        KeyView: {
            /** @description SM2, the uncompressed point in hexadecimal digits. */
            public_key: string;
        };
        /** @description How the book stands. */
        LedgerStatusView: {
            /**
             * Format: int64
             * @description Accounts ever opened.
             */
            accounts: number;
            /**
             * Format: int64
             * @description Records committed since start.
             */
            batches: number;
            /**
             * Format: int64
             * @description Records committed per second, over the last seconds.
             */
            batches_per_s: number;
            /** @description The business date, `2026-11-22`. */
            business_date: string;
            /**
             * Format: int64
             * @description Commands executed since start.
             */
            commands: number;
            /**
             * Format: int64
             * @description Commands executed per second, over the last seconds.
             */
            commands_per_s: number;
            /** @description `sm3` or `sha256`. */
            hash_algorithm: string;
            /** @description Its hash, hexadecimal. */
            head_hash: string;
            /**
             * Format: int64
             * @description Number of the last record.
             */
            head_sequence: number;
            /**
             * Format: int64
             * @description Records by which the history is behind the head.
             */
            history_lag: number;
            /**
             * Format: int64
             * @description Holds that are open.
             */
            holds: number;
            /** @description The instant of the last record, RFC 3339. */
            last_at?: string | null;
            /**
             * Format: int64
             * @description Record of the newest snapshot; 0 for none.
             */
            snapshot_sequence: number;
            /** @description `sqlite`, `postgres` or `memory`. */
            store: string;
            /**
             * Format: int64
             * @description Transfers ever accepted.
             */
            transfers: number;
        };
        /** @description Limits to set. */
        LimitsBody: {
            /** @description UUID of the account. */
            account: string;
            /** @description Of one day. */
            per_day: components["schemas"]["Amount"];
            /** @description Of one calendar month. */
            per_month: components["schemas"]["Amount"];
            /** @description Of one transfer; zero for none at all. */
            per_transfer: components["schemas"]["Amount"];
            /** @description Six digits. */
            pin: string;
        };
        /** @description Limits and how much of them is used. */
        LimitsView: {
            per_day?: components["schemas"]["Amount"] | null;
            per_month?: components["schemas"]["Amount"] | null;
            per_transfer?: components["schemas"]["Amount"] | null;
            /** @description Used today. */
            used_day: components["schemas"]["Amount"];
            /** @description Used this month. */
            used_month: components["schemas"]["Amount"];
        };
        /** @description A customer as staff see them: masked. */
        MaskedCustomerView: {
            /** @description Administrative division, six digits (GB/T 2260). */
            division?: string | null;
            /** @description Its first level in the caller's language. */
            division_name?: string | null;
            /** @description The customer's id. */
            id: string;
            /** @description `person` or `business`. */
            kind: string;
            /** @description `declared`, `verified` or `suspended`. */
            kyc: string;
            masked_address?: components["schemas"]["PersonalAddress"] | null;
            masked_born_on?: components["schemas"]["PersonalBornOn"] | null;
            masked_id_number?: components["schemas"]["PersonalIdNumber"] | null;
            /** @description Name, masked. */
            masked_name: components["schemas"]["PersonalName"];
            masked_phone?: components["schemas"]["PersonalPhone"] | null;
            masked_representative?: components["schemas"]["PersonalName"] | null;
            /** @description When the bank came to know them, UTC. */
            registered_at: string;
        };
        /** @description A message to a customer. */
        MessageView: {
            /** @description When it was accepted, UTC. */
            at: string;
            /** @description Its id. */
            id: string;
            /** @description `one_time_code`, `movement`, `freeze_changed`, `new_device`, `passkey_changed` or `totp_changed`. */
            kind: string;
            /** @description To whom: the number, masked. */
            masked_to: components["schemas"]["PersonalPhone"];
            /** @description `kept`: read here instead of being sent. */
            state: string;
            /** @description What it says; one-time codes and names of devices hidden, but in a bank that is for demonstration. */
            text: components["schemas"]["PersonalText"];
        };
        /** @description A page of movements, newest first. */
        MovementsView: {
            /** @description May be fewer than asked for, even where there is a next page. */
            movements: components["schemas"]["MovementView"][];
            /** @description Give it back as `cursor` for what follows; absent at the end. */
            next_cursor?: string | null;
        };
        /** @description A movement. */
        MovementView: {
            /** @description How much, positive. */
            amount: components["schemas"]["Amount"];
            /** @description Instant, RFC 3339. */
            at: string;
            /** @description What was on the account then. */
            balance_after: components["schemas"]["Amount"];
            /** @description Booking day. */
            booked_on: string;
            /** @description What kind: `transfer`, `salary`, `fee`, … */
            code: string;
            /** @description Its account, masked; may be empty. */
            counterparty_account: components["schemas"]["PersonalAccountNumber"];
            /** @description Its bank; empty for this bank. */
            counterparty_bank: string;
            /** @description The other party as the reader may see it; may be empty. */
            counterparty_name: components["schemas"]["PersonalName"];
            /** @description `in` or `out`. */
            direction: string;
            /** @description What the payer wrote. */
            memo: components["schemas"]["PersonalText"];
            /**
             * Format: int64
             * @description Position in the history of the account, from 1.
             */
            number: number;
            receipt?: components["schemas"]["ReceiptView"] | null;
            /** @description UUID of the transfer. */
            transfer_id: string;
            /** @description Value day. */
            value_on: string;
        };
        /** @description A further key. */
        NewKeyRequest: {
            /** @description A JSON Web Key of P-256, public. */
            key: string;
        };
        /** @description Somebody to be added. */
        NewStaffRequest: {
            /** @description 2 to 40 of `a-z 0-9 . _ -`, beginning with a letter. */
            name: string;
            role: components["schemas"]["StaffRole"];
        };
        /** @description How the news of a service is getting on. */
        NewsView: {
            /**
             * Format: int64
             * @description How many events were set aside.
             */
            dead: number;
            /** @description Those, newest first; may be empty. */
            letters: components["schemas"]["DeadLetterView"][];
            /** @description Where the next page begins; missing on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description For how long the oldest of them has waited, seconds; missing where none waits.
             */
            oldest_waiting_s?: number | null;
            /**
             * Format: int64
             * @description How many events are still to be relayed.
             */
            waiting: number;
        };
        /** @description A tablet to register. */
        NewTabletRequest: {
            /**
             * @description Where it stands, as customers see it; at most 40 characters, and no other one's.
             * @example 虹口支行 2 号柜台
             */
            name: string;
        };
        /** @description A third party to register. */
        NewThirdPartyRequest: {
            /** @description Its public key: a JSON Web Key of P-256. */
            key: string;
            /** @description Its name, at most 60 characters; no other one's. */
            name: string;
            /** @description `payee_check`, `rates`, `phone_channel`; at least one. */
            scopes: string[];
        };
        /** @description What is held because the SIM of a customer's phone was changed of late. */
        NumberHoldView: {
            /** @description Until when, RFC 3339; absent where nothing is. */
            until?: string | null;
        };
        /** @description An account to open. */
        OpenBody: {
            /** @description `II` (default) or `III`; class I is opened in person. */
            class?: string | null;
            /**
             * @description ISO 4217 code.
             * @example CNY
             */
            currency: string;
            /** @description UUID minted by the caller; the same again opens nothing twice. */
            id?: string | null;
            /** @description At most 30 characters. */
            nickname?: string | null;
        };
        /** @description A page of the outbox. */
        OutboxPage: {
            /** @description Newest first; may be empty. */
            messages: components["schemas"]["MessageView"][];
            /** @description Where the next page begins; missing on the last. */
            next_cursor?: string | null;
        };
        /** @description Everything a customer has. */
        OverviewView: {
            /** @description Own accounts and those granted, oldest first, closed ones last. */
            accounts: components["schemas"]["AccountView"][];
            /** @description The worth of all sums in renminbi. */
            converted: components["schemas"]["ConvertedView"];
            /** @description Sums of own accounts, one for each currency. */
            totals: components["schemas"]["Amount"][];
        };
        /** @description What a browser needs to make a passkey: `PublicKeyCredential.parseCreationOptionsFromJSON`. */
        PasskeyCreation: {
            /** @description `PublicKeyCredentialCreationOptionsJSON` of Web Authentication Level 3. */
            public_key: components["schemas"]["BrowserJson"];
        };
        /** @description A customer's passkeys, the oldest first. */
        PasskeyList: {
            passkeys: components["schemas"]["PasskeyView"][];
        };
        /** @description A passkey that was made. */
        PasskeyMade: {
            /** @description `RegistrationResponseJSON`: what `PublicKeyCredential.toJSON` gives. */
            credential: components["schemas"]["BrowserJson"];
        };
        /** @description What a browser needs to use a passkey: `PublicKeyCredential.parseRequestOptionsFromJSON`. */
        PasskeyRequest: {
            /** @description `PublicKeyCredentialRequestOptionsJSON` of Web Authentication Level 3. */
            public_key: components["schemas"]["BrowserJson"];
        };
        /** @description The answer of a passkey. */
        PasskeySigned: {
            /** @description `AuthenticationResponseJSON`: what `PublicKeyCredential.toJSON` gives. */
            credential: components["schemas"]["BrowserJson"];
        };
        /** @description A passkey, as its owner sees it. */
        PasskeyView: {
            added_at: string;
            id: string;
            /** @description Missing where it was never used. */
            last_used_at?: string | null;
            /** @description Who keeps it and where it was made, for example `Apple · Safari · iPhone`; empty where neither is known. */
            name: components["schemas"]["PersonalDevice"];
            /** @description Whether its keeper copies it to the owner's other devices. */
            synced: boolean;
        };
        /** @description Replaces the password, with either the old one or a passkey. */
        PasswordRequest: {
            credential?: components["schemas"]["BrowserJson"] | null;
            /** Format: password */
            new: string;
            /** Format: password */
            old?: string | null;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
        };
        /** @description Sets a new password for the one who holds the phone and knows the identity number. */
        PasswordResetRequest: {
            /** @description The one-time code sent to it. */
            code: string;
            /** @description Number of the identity card, or credit code of the business. */
            id_number: string;
            /**
             * Format: password
             * @description The new password.
             */
            password: string;
            /** @description Mobile number, 11 digits. */
            phone: string;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
        };
        /** @description Whom the money goes to; exactly one of them. */
        PayeeBody: {
            /** @description One of your own accounts (UUID); no name is needed. */
            account_id?: string | null;
            /** @description A 19-digit account number. */
            account_number?: string | null;
            /** @description A saved payee (UUID); its saved name is used. */
            payee_id?: string | null;
            /** @description A mobile number. */
            phone?: string | null;
        };
        /** @description Whose name to check. */
        PayeeCheckBody: {
            /** @description A 19-digit account number; or */
            account_number?: string | null;
            /** @description ISO 4217 code of what is to be sent. */
            currency: string;
            /** @description Full name of the payee. */
            name: string;
            /** @description a mobile number. */
            phone?: string | null;
        };
        /** @description How the name compares. */
        PayeeCheckView: {
            /** @description ISO 4217 code of the payee's account. */
            account_currency: string;
            /** @description Masked number; empty for `no_match`. */
            masked_account: components["schemas"]["PersonalAccountNumber"];
            /** @description Masked name; empty for `no_match`. */
            masked_name: components["schemas"]["PersonalName"];
            /** @description `match`, `close` or `no_match`. */
            match: string;
        };
        /** @description A payee to save. */
        PayeeSaveBody: {
            /** @description A 19-digit account number; or */
            account_number?: string | null;
            /** @description Full name; must be that of the account or phone. */
            name: string;
            /** @description At most 30 characters. */
            nickname?: string | null;
            /** @description a mobile number. */
            phone?: string | null;
        };
        /** @description Saved payees. */
        PayeesView: {
            /** @description The one used last first. */
            payees: components["schemas"]["PayeeView"][];
        };
        /** @description A saved payee. */
        PayeeView: {
            /** @description UUID. */
            id: string;
            /** @description `account` or `phone`. */
            kind: string;
            /** @description When it was last paid. */
            last_used_at?: string | null;
            /** @description Masked account number, or masked phone. */
            masked_account: components["schemas"]["PersonalAccountNumber"];
            /** @description Full name, as you saved it. */
            name: components["schemas"]["PersonalName"];
            /** @description Your name for it; may be empty. */
            nickname: components["schemas"]["PersonalText"];
        };
        /** @description Limits on what leaves an account toward others. */
        PaymentsLimitsView: {
            /** @description The highest that may be set from this session. */
            ceiling: components["schemas"]["CeilingView"];
            per_day?: components["schemas"]["Amount"] | null;
            per_month?: components["schemas"]["Amount"] | null;
            per_transfer?: components["schemas"]["Amount"] | null;
            /** @description Used today. */
            used_day: components["schemas"]["Amount"];
            /** @description Used this month. */
            used_month: components["schemas"]["Amount"];
        };
        /** @description An account number. Whole to the customer it is known to; masked to others and to staff: `6230 **** **** 0128`. */
        PersonalAccountNumber: string;
        /** @description An address. Whole to the customer it is known to; masked to others and to staff: `天河****`. */
        PersonalAddress: string;
        /** @description A day of birth. Whole to the customer it is known to; masked to others and to staff: `1990-**-**`. */
        PersonalBornOn: string;
        /** @description The name of a device. Whole to the customer it is known to; masked to others and to staff. */
        PersonalDevice: string;
        /** @description An identity number. Whole to the customer it is known to; masked to others and to staff: `1****************4`. */
        PersonalIdNumber: string;
        /** @description A name. Whole to the customer it is known to; masked to others and to staff: `*三`. */
        PersonalName: string;
        /** @description A mobile number. Whole to the customer it is known to; masked to others and to staff: `138****5678`. */
        PersonalPhone: string;
        /** @description A text of or to a customer. Whole to the customer it is known to; masked to others and to staff. */
        PersonalText: string;
        /** @description Authorized persons of an account. */
        PersonsView: {
            /** @description In order of granting. */
            persons: components["schemas"]["PersonView"][];
        };
        /** @description An authorized person. */
        PersonView: {
            /** @description UUID. */
            customer_id: string;
            /** @description Since when. */
            granted_at: string;
            masked_phone?: components["schemas"]["PersonalPhone"] | null;
            /** @description Full name. */
            name: components["schemas"]["PersonalName"];
            /** @description `see` or `move`. */
            right: string;
        };
        /** @description Sets the payment PIN. */
        PinRequest: {
            /**
             * Format: password
             * @description The sign-in password.
             */
            password: string;
            /**
             * Format: password
             * @description Six digits that are not easily guessed.
             */
            pin: string;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
        };
        /** @description The policies in force. */
        PoliciesView: {
            /** @description Why what lies in the folder now is not in force instead; empty where it is. */
            faults: components["schemas"]["FaultView"][];
            /** @description The files they stand in, and the one of their cases. */
            files: components["schemas"]["FileView"][];
            /** @description Whether they come from a folder of the bank; they are built in otherwise. */
            from_folder: boolean;
            /** @description What can be done, group by group. */
            groups: components["schemas"]["GroupView"][];
            /** @description The policies, in order of files and lines. */
            policies: components["schemas"]["PolicyView"][];
            /** @description Since when they are in force, RFC 3339. */
            since: string;
            /** @description Who may do it, kind by kind. */
            table: components["schemas"]["RowView"][];
        };
        /** @description A policy. */
        PolicyView: {
            /** @description The file it stands in. */
            file: string;
            /** @description Whether it forbids; it allows otherwise. */
            forbids: boolean;
            /** @description Its id. */
            id: string;
            /** @description The line it begins in, from 1. */
            line: number;
            /** @description What it says, in Chinese. */
            says: string;
            /** @description What it says, in English; may be empty. */
            says_en: string;
        };
        /** @description The shape of a problem in the OpenAPI description (RFC 9457). Further members may follow, see the code. */
        ProblemBody: {
            /** @description Stable code, snake_case. */
            code: string;
            /** @description What happened and what to do, in the caller's language. */
            detail: string;
            /** @description Which field is meant, where one is. */
            field?: string | null;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description `urn:yuanhang:problem:<code>`. */
            type: string;
        };
        /** @description Who the customer is, unmasked. */
        ProfileCopy: {
            address?: components["schemas"]["PersonalAddress"] | null;
            born_on?: components["schemas"]["PersonalBornOn"] | null;
            /** @description Administrative division, six digits (GB/T 2260). */
            division?: string | null;
            foreign_number?: components["schemas"]["PersonalIdNumber"] | null;
            /** @description The customer's id. */
            id: string;
            id_number?: components["schemas"]["PersonalIdNumber"] | null;
            /** @description `person` or `business`. */
            kind: string;
            /** @description `declared`, `verified` or `suspended`. */
            kyc: string;
            name: components["schemas"]["PersonalName"];
            phone?: components["schemas"]["PersonalPhone"] | null;
            representative?: components["schemas"]["PersonalName"] | null;
        };
        /** @description A reference rate. */
        RateView: {
            /** @description Renminbi for one unit, decimal. */
            cny_rate: string;
            /** @description ISO 4217 code. */
            currency: string;
            /** @description Day of the rate. */
            rates_on: string;
        };
        /** @description Why. */
        ReasonBody: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        /** @description What a genuine receipt says, masked. */
        ReceiptCheckView: {
            /** @description How much. */
            amount: components["schemas"]["Amount"];
            /** @description Booking day. */
            booked_on: string;
            /** @description Masked; may be empty. */
            payee_account: components["schemas"]["PersonalAccountNumber"];
            /** @description Masked. */
            payee_name: components["schemas"]["PersonalName"];
            /** @description Masked; may be empty. */
            payer_account: components["schemas"]["PersonalAccountNumber"];
            /** @description Masked. */
            payer_name: components["schemas"]["PersonalName"];
            /** @description Instant, RFC 3339. */
            transfer_time: string;
            /** @description Always true; an unknown code is answered with `receipt_unknown`. */
            valid: boolean;
        };
        /** @description How a receipt is verified. */
        ReceiptView: {
            /** @description Sixteen characters in groups of four. */
            verification_code: string;
        };
        /** @description A page of the record. */
        RecordsPage: {
            /**
             * Format: int64
             * @description How many records there are in all.
             */
            count: number;
            /**
             * Format: int64
             * @description Where the next page begins; missing on the last.
             */
            next_cursor?: number | null;
            /** @description Newest first; may be empty. */
            records: components["schemas"]["RecordView"][];
        };
        /** @description What somebody did. */
        RecordView: {
            /** @description What was done: a topic of news, or method and pattern of a route. */
            action: string;
            /** @description Who acted: `customer:<id>`, `staff:<id>`, `third_party:<id>` or `bank`. */
            actor: string;
            /** @description When it happened, UTC. */
            at: string;
            /** @description The member of staff who had countersigned it, where it was done because of that: `staff:<id>`. */
            countersigned_by?: string | null;
            /** @description Whether it was done because of an emergency, and not allowed otherwise. */
            emergency: boolean;
            /**
             * Format: int64
             * @description Its place among all, from 0.
             */
            number: number;
            /** @description `done`, or the code of a refusal. */
            outcome: string;
            /** @description In which session; missing outside of any. */
            session?: string | null;
            /** @description What it is about; may be empty. */
            subjects: string[];
            unmasked?: components["schemas"]["UnmaskedRecordView"] | null;
        };
        /** @description What waits, the oldest first. */
        RecoveryList: {
            recoveries: components["schemas"]["RecoveryView"][];
        };
        /** @description Somebody waits for a new password of the customer who asks. */
        RecoveryView: {
            asked_at: string;
            /** @example web */
            channel: string;
            /** @description For example `Chrome · Windows`; empty where the device says nothing known. */
            device_name: components["schemas"]["PersonalDevice"];
            /** @description From when a new password can be set. */
            ready_at: string;
        };
        /** @description The new password is not set yet: the bank does not know the device, and waits whether the owner refuses. */
        RecoveryWaits: {
            /** @description Until when. */
            expires_at: string;
            /** @description From when the same request, with another code and on the same device, sets the new password. */
            ready_at: string;
        };
        /** @description A new nickname. */
        RenameBody: {
            /** @description At most 30 characters; empty for none. */
            nickname: string;
        };
        /** @description That a dead letter was relayed again. */
        ReplayView: {
            /** @description When, RFC 3339. */
            at: string;
            /** @description UUID of the member of staff. */
            staff: string;
        };
        /** @description What one kind of principal may do. */
        RowView: {
            /** @description One for each group, in their order. */
            cells: components["schemas"]["CellView"][];
            /** @description `customer`, a role, or a scope of third parties. */
            kind: string;
        };
        /** @description The owner of the phone approves. */
        ScanApproval: {
            /**
             * Format: int32
             * @description The number that the page shows, 10 to 99.
             */
            number: number;
        };
        /** @description A code to show: `<page of the bank>/scan#<code>`. */
        ScanCode: {
            /** @description To be shown to the customer and to nobody else. */
            code: string;
            /**
             * Format: int32
             * @description Seconds for which it is good.
             */
            expires_in_s: number;
            id: string;
        };
        /** @description How far a scan is. */
        ScanProgress: {
            /**
             * Format: int32
             * @description Once it is scanned: the number that the owner of the phone is asked for.
             */
            number?: number | null;
            /**
             * @description `open`: nobody has read the code. `scanned`: a phone has.
             * @example open
             */
            state: string;
        };
        /** @description A phone has read a code. */
        ScanTaken: {
            code: string;
        };
        /** @description Which page asks to be signed in. */
        ScanView: {
            /** @example web */
            channel: string;
            /** @description For example `Chrome · Windows`; empty where the device says nothing known. */
            device_name: components["schemas"]["PersonalDevice"];
            id: string;
            /** @description Whether it is in the network of the phone. */
            same_network: boolean;
        };
        /** @description The customer who is signed in. */
        SessionCustomer: {
            id: string;
            kind: components["schemas"]["CustomerKind"];
            /** @description Empty where the bank knows no phone. */
            masked_phone: components["schemas"]["PersonalPhone"];
            name: components["schemas"]["PersonalName"];
        };
        /** @description Where somebody is signed in, the youngest first. */
        SessionList: {
            sessions: components["schemas"]["SessionListItem"][];
        };
        /** @description One of the places where somebody is signed in. */
        SessionListItem: {
            channel: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** @description For example `Chrome · Windows`; empty where the device says nothing known. */
            device_name: components["schemas"]["PersonalDevice"];
            id: string;
            last_seen_at: string;
            started_at: string;
        };
        /** @description A session, as its owner sees it. */
        SessionView: {
            /** @example one_factor */
            assurance: string;
            /** @example app */
            channel: string;
            customer: components["schemas"]["SessionCustomer"];
            /** @description When it ends at the latest. */
            expires_at: string;
            /**
             * Format: int32
             * @description After how many seconds without a request it ends.
             */
            idle_s: number;
            /** @description Until when what comes to the customer's phone proves nothing, because its SIM was changed of late. */
            number_held_until?: string | null;
            /** @description Whether a payment PIN is set. */
            pin_set: boolean;
            session_id: string;
            started_at: string;
            /** @description For programs that keep no cookies: sent as `Authorization: Bearer`. Only where the session was just opened. */
            token?: string | null;
        };
        /** @description The newest sign-ins, the newest first. */
        SignInList: {
            /** @description Ask for those before this one, where there are more. */
            next?: string | null;
            sign_ins: components["schemas"]["SignInView"][];
        };
        /**
         * @description Signs in with a password or a one-time code, or with the password and one of two codes: a device that never signed this
         *     customer in is asked for two proofs (`sign_in_more_needed`, whose member `also` is `totp`, `code` or `password`; where the
         *     customer may give something else instead, its member `or` says what).
         */
        SignInRequest: {
            /** @description A one-time code; the name is then the phone it was sent to. */
            code?: string | null;
            /** @description Mobile number or customer number. */
            name: string;
            /** Format: password */
            password?: string | null;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
            /** @description A code of the authenticator app, beside the password. */
            totp?: string | null;
        };
        /** @description Somebody signed in, or was refused. */
        SignInView: {
            at: string;
            /** @example app */
            channel: string;
            /** @description For example `Chrome · Windows`; empty where the device says nothing known. */
            device_name: components["schemas"]["PersonalDevice"];
            id: string;
            /**
             * @description `sign_up`, `password`, `password_and_code`, `password_and_totp`, `password_alone`, `code`, `passkey`, `scan`,
             *     `call_pin`, `call_approval`.
             * @example passkey
             */
            method: string;
            /** @description Where from, as far as the bank knows of the address: ISO 6709, for example `+31.23+121.47/`. */
            place?: string | null;
            refused: boolean;
        };
        /** @description Becomes a customer. */
        SignUpRequest: {
            /** @description The documents of `/api/customers/documents`, in the versions that were read and agreed to. */
            agreed?: components["schemas"]["AgreedDocument"][];
            /**
             * @description The one-time code sent to it.
             * @example 123456
             */
            code: string;
            /** @description Resident identity number, 18 characters. */
            id_number: string;
            /** @description Name as on the identity card. */
            name: string;
            /**
             * Format: password
             * @description 8 to 64 characters of at least two kinds.
             */
            password: string;
            /** @description Mobile number, 11 digits. */
            phone: string;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
        };
        /** @description A member of staff, and the code with which they register a passkey. It is not shown again. */
        StaffEnrollmentView: {
            /** @example 7K2QD-90TZM-4XBWA-C5RHE */
            code: string;
            /** @description Until when it is good. */
            expires_at: string;
            staff: components["schemas"]["StaffView"];
        };
        /**
         * @description How a member of staff comes in.
         * @enum {string}
         */
        StaffEntryKind: "passkey" | "code" | "password" | "none";
        /** @description Everybody who may sign in to the console, by name. */
        StaffList: {
            staff: components["schemas"]["StaffView"][];
        };
        /**
         * @description What a member of staff may do; each role includes the one before.
         * @enum {string}
         */
        StaffRole: "viewer" | "operator" | "administrator";
        /** @description Signs a member of staff in. */
        StaffSignInRequest: {
            name: string;
            /** Format: password */
            password: string;
        };
        /** @description In which ways staff sign in, besides a passkey. */
        StaffSignInWays: {
            /** @description With a password: in a demonstration. */
            password: boolean;
        };
        /** @description A member of staff. */
        StaffView: {
            /** @description Until when the code is good, where `entry` is `code`. */
            code_expires_at?: string | null;
            /** @description When the account was made; in the list. */
            created_at?: string | null;
            entry?: components["schemas"]["StaffEntryKind"] | null;
            /** @description When the session ends at the latest; for the one who is signed in. */
            expires_at?: string | null;
            id: string;
            name: string;
            role: components["schemas"]["StaffRole"];
            /** @description Only where the session was just opened. */
            token?: string | null;
        };
        /** @description A change of state that took effect. */
        StateChangeView: {
            /** @description When it was ordered, RFC 3339. */
            at: string;
            /** @description State before. */
            from: string;
            /** @description Why; may be empty where the owner did it. */
            reason: string;
            /** @description UUID of the member of staff; absent where the owner did it. */
            staff?: string | null;
            /** @description State after. */
            to: string;
        };
        /**
         * @description Proves to be there with one of the password, a passkey, and a code of the authenticator app. The latter only in a session
         *     that the password opened.
         */
        StepUpRequest: {
            credential?: components["schemas"]["BrowserJson"] | null;
            /** Format: password */
            password?: string | null;
            /** @description The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`. */
            sealed_by?: string | null;
            /** @description A code of the authenticator app. */
            totp?: string | null;
        };
        /** @description A tablet that was registered, with its code, which is shown once. */
        TabletAdded: {
            /** @example 7K2QD-90TZM-4XBWA-C5RHE */
            code: string;
            tablet: components["schemas"]["TabletView"];
        };
        /** @description The code that was given for this tablet is typed in at it. */
        TabletClaim: {
            /**
             * @description With or without its hyphens.
             * @example 7K2QD-90TZM-4XBWA-C5RHE
             */
            code: string;
        };
        /** @description The page is that of this tablet from now on. */
        TabletClaimed: {
            /** @description Where it stands. */
            name: string;
        };
        /** @description All tablets, by name. */
        TabletList: {
            tablets: components["schemas"]["TabletView"][];
        };
        /** @description A tablet. */
        TabletView: {
            /** @description When it was registered, RFC 3339. */
            added_at: string;
            /** @description The member of staff who did it, a UUID. */
            added_by: string;
            /** @description Until when it can be, RFC 3339. */
            code_expires_at: string;
            /** @description UUID; that of the device in the record. */
            id: string;
            /** @description Whether its code was typed in. */
            in_use: boolean;
            /** @description Where it stands. */
            name: string;
        };
        /** @description A key of a third party. */
        ThirdPartyKeyView: {
            /** @description When it was registered, RFC 3339. */
            added_at: string;
            /** @description Its SHA-256 thumbprint (RFC 7638), base64url. */
            thumbprint: string;
        };
        /** @description All third parties, by name. */
        ThirdPartyList: {
            third_parties: components["schemas"]["ThirdPartyView"][];
        };
        /** @description A session of a third party. */
        ThirdPartySession: {
            /** @description When it ends, RFC 3339. */
            expires_at: string;
            /** @description `payee_check`, `rates`, `phone_channel`. */
            scopes: string[];
            /** @description Which third party. */
            third_party: string;
        };
        /** @description A third party. */
        ThirdPartyView: {
            /** @description When it was registered, RFC 3339. */
            added_at: string;
            /** @description The member of staff who did it, a UUID. */
            added_by: string;
            /** @description UUID; also its `client_id`. */
            id: string;
            /** @description Its keys, the oldest first. */
            keys: components["schemas"]["ThirdPartyKeyView"][];
            /** @description The last time that it asked for a token; absent where it never did. */
            last_asked_at?: string | null;
            /** @description Whether that was refused. */
            last_refused: boolean;
            /** @description Its name. */
            name: string;
            /** @description What it is registered for. */
            scopes: string[];
        };
        /** @description A token (RFC 6749 section 5.1, RFC 9449 section 5). */
        TokenAnswer: {
            /** @description Goes into `Authorization: DPoP …`, with a proof of the same key. */
            access_token: string;
            /**
             * Format: int32
             * @description Seconds.
             */
            expires_in: number;
            /** @description What it is good for, words with spaces between. */
            scope: string;
            /** @description `DPoP`. */
            token_type: string;
        };
        /** @description A token for the page (RFC 8693 section 2.2). */
        TokenExchangeAnswer: {
            /** @description Goes into `Authorization: DPoP …`, with a proof of the page's key; of no use without it. */
            access_token: string;
            /**
             * Format: int32
             * @description Seconds.
             */
            expires_in: number;
            /** @description `urn:ietf:params:oauth:token-type:access_token`. */
            issued_token_type: string;
            /** @description `DPoP`. */
            token_type: string;
        };
        /** @description What the page around asks for (RFC 8693 section 2.1, RFC 9449 section 10). */
        TokenExchangeRequest: {
            /** @description Which mini-program: one of those that are set in `identity.mini_programs`. */
            audience: string;
            /**
             * @description The SHA-256 thumbprint of the page's own public key (RFC 7638), in base64url.
             * @example 0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I
             */
            dpop_jkt: string;
            /** @description `urn:ietf:params:oauth:grant-type:token-exchange`. */
            grant_type: string;
            /** @description `urn:ietf:params:oauth:token-type:access_token`, also where it is left out. */
            requested_token_type?: string | null;
        };
        /** @description What a program asks for (RFC 6749 section 4.4, RFC 7523 section 2.2). */
        TokenRequest: {
            /** @description A JWT signed with a registered key: `iss` and `sub` the id of the third party, `aud` the bank, `exp`, `jti`. */
            client_assertion?: string | null;
            /** @description `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`. */
            client_assertion_type?: string | null;
            /** @description The id of the third party; may be left out. */
            client_id?: string | null;
            /** @description `client_credentials`. */
            grant_type: string;
            /** @description Words with spaces between; left out: all that it is registered for. */
            scope?: string | null;
        };
        /** @description A code that the app shows. */
        TotpConfirmation: {
            /**
             * @description Six digits.
             * @example 123456
             */
            code: string;
        };
        /** @description A secret for an authenticator app, shown once. */
        TotpSecret: {
            /**
             * Format: int32
             * @description Seconds for which it can be confirmed.
             */
            good_for_s: number;
            /** @description The secret in base 32 (RFC 4648), where it is typed. */
            secret: string;
            /** @description What an app reads from a QR code: `otpauth://totp/…`. */
            uri: string;
        };
        /** @description Whether a customer has an authenticator app. */
        TotpState: {
            totp?: components["schemas"]["TotpView"] | null;
        };
        /** @description An authenticator app that is in force. */
        TotpView: {
            added_at: string;
            /** @description Missing where none of its codes was used since. */
            last_used_at?: string | null;
        };
        /** @description A transfer to order. */
        TransferBody: {
            /** @description How much; in the currency of both accounts. */
            amount: components["schemas"]["Amount"];
            /** @description The approval (UUID) that was asked for when this order was refused with `approval_needed`. */
            approval_id?: string | null;
            /** @description The account debited (UUID). */
            from_account: string;
            /** @description At most 60 characters. */
            memo?: string | null;
            /** @description Full name of the payee. */
            name?: string | null;
            /** @description Six digits. */
            pin: string;
            /** @description Whom it goes to. */
            to: components["schemas"]["PayeeBody"];
        };
        /** @description A transfer. */
        TransferView: {
            /** @description How much. */
            amount: components["schemas"]["Amount"];
            /** @description Instant, RFC 3339. */
            at?: string | null;
            balance?: components["schemas"]["Amount"] | null;
            /** @description Booking day. */
            booked_on?: string | null;
            /** @description The account debited. */
            from_account: string;
            /** @description UUID of the order. */
            id: string;
            /** @description The payer's memo; may be empty. */
            memo: components["schemas"]["PersonalText"];
            /** @description Masked. */
            payee_account_masked: components["schemas"]["PersonalAccountNumber"];
            /** @description Masked. */
            payee_name_masked: components["schemas"]["PersonalName"];
            /** @description Why it was refused; absent where it was posted. */
            refusal_code?: string | null;
            /** @description `posted` or `refused`. */
            status: string;
            /** @description UUID under which the movement is in the history. */
            transfer_id: string;
            /** @description The code of the payer's receipt. */
            verification_code?: string | null;
        };
        /** @description A file to be tried in the place of the one of its name. */
        TrialOrder: {
            /** @description Its name, `staff.cedar`; a new one stands beside the others. */
            name: string;
            /** @description What would stand in it. */
            text: string;
        };
        /** @description What a changed file would do. */
        TrialView: {
            /** @description What would change, where it would not be refused. */
            changes: components["schemas"]["ChangeView"][];
            /** @description Why it would be refused; empty where it would not. */
            faults: components["schemas"]["FaultView"][];
        };
        /** @description Which field to show whole, and why. */
        UnmaskBody: {
            /**
             * @description `name`, `id_number`, `phone`, `born_on`, `address` or `representative` of a customer; `account_number` of an
             *     account; `counterparty_name` or `memo` of a movement.
             * @example phone
             */
            field: string;
            /**
             * @description `identity_check`, `complaint`, `fraud_investigation`, `authority_request` or `data_correction`.
             * @example complaint
             */
            purpose: string;
            /**
             * @description Number of the case: a letter, then up to 31 letters, digits and `-`; no more than 8 digits in a row.
             * @example CASE-20261127-0012
             */
            reference: string;
        };
        /** @description That a personal field was shown whole, and why. */
        UnmaskedRecordView: {
            /**
             * @description Which, for example `phone`.
             * @example phone
             */
            field: string;
            /**
             * @description `identity_check`, `complaint`, `fraud_investigation`, `authority_request` or `data_correction`.
             * @example complaint
             */
            purpose: string;
            /** @description Number of the case. */
            reference: string;
        };
        /** @description A personal field, whole. */
        UnmaskedView: {
            /**
             * @description Which.
             * @example phone
             */
            field: string;
            /** @description What it holds. */
            value: string;
        };
        /** @description What a verification found. */
        VerificationView: {
            /**
             * Format: int64
             * @description Commands replayed.
             */
            commands: number;
            /**
             * Format: int64
             * @description How long it took, milliseconds.
             */
            elapsed_ms: number;
            /** @description Where the first fault is and what it is. */
            fault?: string | null;
            /** @description Hash of the last good record, hexadecimal. */
            head_hash: string;
            /**
             * Format: int64
             * @description Records read.
             */
            records: number;
            /** @description Hash of the state after it, hexadecimal. */
            state_hash: string;
            /** @description Whether every check passed. */
            verified: boolean;
        };
        /** @description A channel and an assurance. */
        WhenView: {
            /**
             * Format: int64
             * @description 1 one factor, 2 two factors, 3 two of which one is a bound device.
             */
            assurance: number;
            /** @description `app`, `web`, `mini_program`, `phone`, `branch`, `open_api`, `console`. */
            channel: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    accounts_overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_rename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_persons: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_authorize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuthorizeBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_movements: {
        parameters: {
            query?: {
                /** @description At most this much, decimal. */
                amount_max?: string;
                /** @description At least this much, decimal. */
                amount_min?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `in` or `out`. */
                direction?: string;
                /** @description Booked on or after this day. */
                from?: string;
                /** @description Size of the page, 1..=100; 20 where absent. */
                limit?: number;
                /** @description Part of the memo or the other party. For staff, who see neither: one of them whole. */
                text?: string;
                /** @description Booked on or before this day. */
                until?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_movement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_receipt: {
        parameters: {
            query?: {
                /** @description `zh` or `en`; by `Accept-Language` where absent. */
                lang?: string;
            };
            header?: never;
            path: {
                id: string;
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A PDF file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_reactivate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleDetailView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_freeze: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAccountView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_movements: {
        parameters: {
            query?: {
                /** @description At most this much, decimal. */
                amount_max?: string;
                /** @description At least this much, decimal. */
                amount_min?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `in` or `out`. */
                direction?: string;
                /** @description Booked on or after this day. */
                from?: string;
                /** @description Size of the page, 1..=100; 20 where absent. */
                limit?: number;
                /** @description Part of the memo or the other party. For staff, who see neither: one of them whole. */
                text?: string;
                /** @description Booked on or before this day. */
                until?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_unmask_movement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnmaskBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnmaskedView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_state_changes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StateChangeView"][];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_unfreeze: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAccountView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_unmask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnmaskBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnmaskedView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_news: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many dead letters, 1 to 100; 50 where missing. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_news_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_of_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAccountsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_console_search: {
        parameters: {
            query: {
                /** @description A whole account number, or an account id. */
                query: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAccountsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_rates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateView"][];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_check_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verification_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptCheckView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accounts_third_party_rates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateView"][];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    audit_console_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    audit_console_records: {
        parameters: {
            query?: {
                /** @description Actions that begin so: `payments.`, `GET /api/accounts/`. */
                action?: string;
                /** @description What this one did: `customer:<id>`, `staff:<id>`, `third_party:<id>` or `bank`. */
                actor?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: number;
                /** @description What was told from this instant on, RFC 3339. */
                from?: string;
                /** @description How many, 1 to 100; 50 where missing. */
                limit?: number;
                /**
                 * @description What is about this: `customer:<id>`, `account:<id>`, `transfer:<id>`, `session:<id>`, `device:<id>`,
                 *     `staff:<id>` or `third_party:<id>`.
                 */
                subject?: string;
                /** @description `true`: only what shows, or was to show, a personal field whole. */
                unmasked?: boolean;
                /** @description What was told before this instant, RFC 3339. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordsPage"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    audit_console_prove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_agree: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `terms` or `privacy` */
                document: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgreementRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_consents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consents"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_change_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `marketing`, `personalization` or `sharing` */
                purpose: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_console_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaskedCustomerView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_console_unmask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnmaskBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnmaskedView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_console_news: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many dead letters, 1 to 100; 50 where missing. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_console_news_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_console_search: {
        parameters: {
            query: {
                /** @description Exact phone, identity number, credit code, customer id, number of another bank, or name. */
                query: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomersFound"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_documents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Documents"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    customers_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    gateway_console_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoliciesView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    gateway_console_policies_trial: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrialOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_approvals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalSigned"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_refuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_calls: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_approve_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallApprovalRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_refuse_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_send_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeAnswer"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_countersignatures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountersignatureList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_countersignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                countersignature_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountersignatureView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_countersign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                countersignature_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_withdraw_countersignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                countersignature_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_refuse_countersignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                countersignature_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_number_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberHoldView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_lift_number_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_recoveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleRecoveryList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_vouch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
                recovery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleRecovery"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_emergencies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmergencyList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_begin_emergency: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmergencyRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmergencyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_end_emergency: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                emergency_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmergencyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_review_emergency: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                emergency_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmergencyReviewRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmergencyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_enroll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrollmentRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_begin_enrollment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrollmentBeginRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreation"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureState"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_take_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_news: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many dead letters, 1 to 100; 50 where missing. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_news_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_sign_in_with_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeySigned"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_begin_passkey_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_sign_in_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffSignInWays"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffSignInRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_staff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_add_staff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewStaffRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffEnrollmentView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_remove_staff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_enroll_staff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffEnrollmentView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_begin_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_tablets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TabletList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_add_tablet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTabletRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TabletAdded"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_remove_tablet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_third_parties: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ThirdPartyList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_add_third_party: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewThirdPartyRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ThirdPartyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_remove_third_party: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                third_party_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_add_third_party_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                third_party_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_console_remove_third_party_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                third_party_id: string;
                thumbprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_devices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_remove_device: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_envelope: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeView"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureState"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_ask_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_withdraw_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_passkeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_add_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyMade"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_remove_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreation"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_in_with_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeySigned"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_passkey_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordResetRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryWaits"];
                };
            };
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_set_pin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_recoveries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_refuse_recoveries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_scan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanCode"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_approve_scan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScanApproval"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_refuse_scan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_in_by_scan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanProgress"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_take_scan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScanTaken"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_ins: {
        parameters: {
            query?: {
                /** @description Those before this one. */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_sign_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUpRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_claim_tablet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TabletClaim"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TabletClaimed"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_third_party_begin_call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallBegunView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_third_party_enter_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallEnterRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallToken"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallProgress"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_third_party_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ThirdPartySession"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_third_party_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_third_party_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_exchange_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenExchangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenExchangeAnswer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpState"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_confirm_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpConfirmation"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_remove_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    identity_begin_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpSecret"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_batch_transfers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["BatchRow"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["BatchRowResult"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_books: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BooksView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_business_date: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BusinessDateView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_advance_business_date: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdvanceBusinessDate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BusinessDateView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerStatusView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ledger_console_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    messages_console_outbox: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many, 1 to 100; 50 where missing. */
                limit?: number;
                /** @description Only messages to this mobile number, whole. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxPage"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_console_news: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description How many dead letters, 1 to 100; 50 where missing. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_console_news_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_limits: {
        parameters: {
            query: {
                /** @description UUID. */
                account: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentsLimitsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_limits_set: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentsLimitsView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_payee_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayeeCheckBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayeeCheckView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_payees: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayeesView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_payee_save: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayeeSaveBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayeeView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_payee_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_third_party_payee_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountNameCheckBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountNameCheckView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_transfer: {
        parameters: {
            query?: never;
            header: {
                /** @description UUID minted by the caller; keep it for retries */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferView"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    payments_transfer_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            /** @description A refusal; its `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
}
