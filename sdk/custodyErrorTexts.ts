// What each custom error about custody and the acceptance of tokens means to a person; see errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

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

/** What a token must be, and the end of one. */
export const ACCEPTANCE_TEXTS: Readonly<Record<string, ErrorText>> = {
  ProbeMissing: retryable(
    "The vault holds {heldAssets} of {token}.",
    "A listing tries the transfers of the token with {neededAssets}.",
    "Send the vault that much of the token first; it can be recovered afterwards.",
  ),
  TransferNotExact: final(
    "After a transfer of the trial {holder} holds {foundAssets} of {token}.",
    "Exactly {expectedAssets} are left and arrive.",
    "Do not list this token: it takes fees or changes balances. List a wrapper of it, if there is one.",
  ),
  DoubleEntry: final(
    "A transfer of {token} moved the vault's balance of {listedAsset}, which is listed.",
    "Each balance has one address in the registry.",
    "Use the listed address.",
  ),
  DelistedAsset: final(
    "{asset} is delisted.",
    "It takes no new holding and no pair; only more of what an account already holds, while it counts for a debt.",
    "Use another collateral.",
  ),
  NotDelisted: final(
    "{asset} is in service.",
    "Only delisted collateral is sent home by anyone.",
    "Let the owner withdraw it.",
  ),
  HaircutStillGliding: retryable(
    "The maintenance haircut of {asset} in pool {pool} is {maintenancePpm}.",
    "Delisted collateral is sent home at {neededPpm}.",
    "Wait: it rises by five points a day. The owner may withdraw before.",
  ),
};
