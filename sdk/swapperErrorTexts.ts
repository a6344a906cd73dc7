// What the errors of a CollateralSwapper mean to a person; those of its sales are in liquidatorErrorTexts.ts. The same form as
// errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Errors of the contract that swaps collateral through a venue, by name. */
export const SWAPPER_TEXTS: Readonly<Record<string, ErrorText>> = {
  CallerNotAccountOwner: final(
    "{caller} does not own the account {account}.",
    "Only its owner swaps its collateral here.",
    "Send it from the owner of the account.",
  ),
  PriceMissing: retryable(
    "{asset}, which goes out, has no fresh price, so a loss cannot be measured.",
    "A fresh price, or any loss (`maxLossBps` of 100_00).",
    "Try again when its feed answers.",
  ),
  SwapLosesValue: retryable(
    "Of {outValue} that went out of {account} {inValue} came back.",
    "At least {leastValue}, at the vault's prices.",
    "Wait for better prices, swap less at once, or allow a larger loss.",
  ),
};
