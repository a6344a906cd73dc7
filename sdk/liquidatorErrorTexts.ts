// What the errors of a FlashLiquidator mean to a person. The same form as errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Errors of the liquidator that needs no cash, by name. */
export const LIQUIDATOR_TEXTS: Readonly<Record<string, ErrorText>> = {
  CallbackMissing: final(
    "{callee} returned without calling back.",
    "Vault and lenders call back once.",
    "Check the address of the lender.",
  ),
  CallbackUnexpected: final(
    "{caller} called back and is not waited for, or not with this data.",
    "Only the vault or the lender of a run, once.",
    "Begin a run with `liquidate` or `writeOff`.",
  ),
  CallerNotKeeper: final(
    "{caller} may not begin a run.",
    "The owner and its keeper.",
    "Let the owner call `setKeeper`.",
  ),
  InitiatorUnexpected: final(
    "The flash loan was begun by {initiator}.",
    "Only the liquidator itself.",
    "Begin a run with `liquidateWithFlashLoan`.",
  ),
  InsufficientProceeds: retryable(
    "The run has {availableAssets} of {token} and needs {neededAssets}.",
    "A run sells and pays only what it brought itself.",
    "Sell more of the collateral for it, or wait for better prices.",
  ),
  LoanUnexpected: final(
    "The lender sent {receivedAssets} of {token}.",
    "The token and the {askedAssets} that were asked for.",
    "Check the lender.",
  ),
  PathMalformed: final(
    "A path of a swap is {length} bytes long.",
    "20 bytes and 23 for each pool.",
    "Pack it as token, fee (3 bytes), token.",
  ),
  ProfitBelowMinimum: retryable(
    "The run leaves {profitAssets} of {token}.",
    "At least {minimumProfit}, and nothing of what was there before.",
    "Wait for better prices or cheaper gas, or lower the minimum.",
  ),
  RedemptionBelowMinimum: retryable(
    "The sleeve {sleeve} paid {receivedAssets}.",
    "At least {minimumOut}.",
    "Look at what the sleeve pays now, and plan again.",
  ),
  RedemptionUnbounded: final(
    "A redemption of shares of {sleeve} has no amount or no minimum output.",
    "Both are above 0.",
    "State them.",
  ),
  RunInProgress: final(
    "The liquidator is in the middle of a run.",
    "One at a time.",
    "Call it from outside of its callbacks.",
  ),
  SwapOutputBelowMinimum: retryable(
    "A swap brought {receivedAssets} of {token}.",
    "At least {minimumOut}.",
    "Wait for better prices, or allow more slippage.",
  ),
  LoansMissing: final(
    "No flash loan was named.",
    "At least one.",
    "Name a loan, or use the run without loans.",
  ),
  SwapUnbounded: final(
    "A swap of {token} has no amount or no minimum output.",
    "Both are above 0.",
    "State them.",
  ),
};
