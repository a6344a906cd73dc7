// What each custom error of lending pools and insurance funds means to a person; see errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Lending pools. */
export const POOL_TEXTS: Readonly<Record<string, ErrorText>> = {
  BorrowCapExceeded: retryable(
    "The pool would have lent {debtAssets}.",
    "Its cap is {capAssets}.",
    "Borrow less, or wait for repayments.",
  ),
  CallerNotVault: final(
    "{caller} called a function of the pool that is the vault's.",
    "Only the vault lends and is repaid for accounts.",
    "Call `borrow` or `repay` of the vault.",
  ),
  CashShortfall: final(
    "The pool holds {heldAssets} and has booked {owedAssets}.",
    "It holds what it has booked.",
    "Do not use a token that takes fees or changes balances by itself.",
  ),
  FlashLoanRefused: final(
    "{receiver} answered {answer} to a flash loan.",
    "It answers as ERC-3156 asks.",
    "Lend to a contract that takes flash loans.",
  ),
  FundOfAnotherPool: final(
    "The fund {fund} insures another pool, or another asset.",
    "A fund of this pool and its cash, or none.",
    "Deploy a fund for this pool.",
  ),
  InsufficientCash: retryable(
    "The pool has {cashAssets} idle, and {requestedAssets} was asked for.",
    "Only idle cash leaves.",
    "Ask for less, or wait for repayments or deposits.",
  ),
  InsufficientFeeReserve: retryable(
    "The fee reserve has {feeAssets}, and {requestedAssets} was asked for.",
    "At most the reserve.",
    "Ask for less, or wait for interest.",
  ),
  InsufficientGas: retryable(
    "Of {gasNeeded} gas to ask the insurance fund, {gasLeft} is left.",
    "The fund is asked with enough gas, or not at all.",
    "Send the transaction with more gas.",
  ),
  LossFlagged: retryable(
    "A loss of {lossAssets} is flagged.",
    "The insurance fund changes while none is.",
    "Wait for the write-off or the cure.",
  ),
  PoolDecimalsAboveMaximum: final(
    "The cash {asset} has {decimals} decimals.",
    "At most {most}.",
    "Use another token.",
  ),
  TermOutOfBounds: final(
    "The term {name} was to become {found}.",
    "From {lowest} to {highest}.",
    "Choose a value within the bounds.",
  ),
  TokenNotCash: final(
    "{token} was asked for as a flash loan.",
    "Only the cash of the pool is lent.",
    "Ask the pool of that token.",
  ),
  ZeroTransfer: final(
    "{assets} assets for {shares} shares would move.",
    "Both are above zero.",
    "Give a larger amount.",
  ),
};

/** Insurance funds. */
export const FUND_TEXTS: Readonly<Record<string, ErrorText>> = {
  CallerNotPool: final(
    "{caller} called a function of the fund that is the pool's.",
    "Only the pool slashes and pays fees in.",
    "Call `deposit` or `requestWithdrawal`.",
  ),
  RequestNotFound: final(
    "{owner} has no request.",
    "A request is made before it is cancelled.",
    "Call `requestWithdrawal`.",
  ),
  RequestPending: retryable(
    "{owner} has {shares} shares in a request that ends at {expiresAt}.",
    "One request at a time.",
    "Redeem it in its window, or cancel it first.",
  ),
  StakeShortfall: final(
    "The fund holds {heldAssets} and counts {stakedAssets}.",
    "It holds what it counts.",
    "Do not use a token that takes fees or changes balances by itself.",
  ),
  StakeTermOutOfBounds: final(
    "The term {name} was to become {found}.",
    "From {lowest} to {highest}.",
    "Choose a value within the bounds.",
  ),
  ZeroStake: final(
    "{assets} assets for {shares} shares would be staked, requested or redeemed.",
    "More than zero.",
    "Give a larger amount.",
  ),
};
