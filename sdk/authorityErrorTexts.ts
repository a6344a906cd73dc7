// What each custom error about operators and signed consents means to a person; see errorTexts.ts.
import { type ErrorText, final } from "./errorText.ts";

/** Operators and their bounds, signed consents. */
export const AUTHORITY_TEXTS: Readonly<Record<string, ErrorText>> = {
  AllowanceExceeded: final(
    "Operator {operator} of account {account} would take out {assets} of {asset}, and {leftAssets} is left of its allowance.",
    "What an operator withdraws, borrows or exchanges for other collateral counts against its allowance.",
    "Take out less, or let the owner set new terms.",
  ),
  AllowancesUnsorted: final(
    "The allowance for {asset} of operator {operator} stands after that for {previousAsset}.",
    "Allowances stand by rising address, each token once.",
    "Sort them, as `sortedTerms` of the sdk does.",
  ),
  ConsentExpired: final(
    "The consent for account {account} was to be used until {deadline}.",
    "A consent is used by its deadline.",
    "Let the owner sign another one.",
  ),
  ConsentNonceInvalid: final(
    "The consent for account {account} has the nonce {nonce}; {nextNonce} comes next in its namespace.",
    "Consents of one namespace are used in order, each once.",
    "Use the one that comes next, or sign another one for the next nonce.",
  ),
  ConsentNotSigned: final(
    "The owner {owner} of account {account} did not sign this in epoch {epoch}.",
    "Every word of a consent is signed, for this chain, this vault and the present epoch.",
    "Compare what was signed, or let the owner sign again: a lockdown voids what was signed before.",
  ),
  CoverageBelowLeast: final(
    "Account {account} would be left with a coverage of {coverageWad}.",
    "Operator {operator} leaves at least {leastCoverageBps}.",
    "Take out less, add collateral in the same batch, or send from the owner.",
  ),
  LeastCoverageTooHigh: final(
    "Operator {operator} was to leave a coverage of at least {leastCoverageBps}.",
    "At most {mostBps}.",
    "Name a lower one.",
  ),
  NonceNotAhead: final(
    "Consents of account {account} were to be voided up to the nonce {nonce}; {nextNonce} comes next.",
    "Nonces are voided upwards.",
    "Name a higher one of the same namespace.",
  ),
  OperatorInvalid: final(
    "Operator {operator} was to get the rights {rights} until {expiresAt}.",
    "Rights are a sum of deposit 1, withdraw 2, borrow 4, send 8 and reuse 16, and expire in the future.",
    "Correct the rights or the time.",
  ),
};
