// What each custom error of the custody room means to a person; see errorTexts.ts.
import { type ErrorText, final } from "./errorText.ts";

/** Tokens that are owed to nobody. */
export const CUSTODY_TEXTS: Readonly<Record<string, ErrorText>> = {
  NothingToRecover: final(
    "The vault owes every unit of {token} that it holds.",
    "Only what is held beyond what is owed can be recovered.",
    "Compare `held` and `owed` of the token.",
  ),
  OwedTokensTaken: final(
    "After the transfer the vault holds {heldAssets} of {token} and owes {owedAssets}.",
    "A recovery leaves what accounts own.",
    "Do not recover this token: it takes more than it is asked to move.",
  ),
  RecoveryReceiverInvalid: final(
    "Recovered tokens would go to {receiver}.",
    "They leave the vault, to somebody.",
    "Name a receiver other than zero and the vault.",
  ),
};
