// What each custom error of reuse and of sleeves means to a person; see errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Reuse of collateral, in the vault. */
export const REUSE_TEXTS: Readonly<Record<string, ErrorText>> = {
  NotASleeve: final(
    "{sleeve} is no sleeve.",
    "Collateral is reused in the sleeve of its asset.",
    "Choose one that governance named with `setSleeve`.",
  ),
  NoRecallWaiting: final(
    "Nobody waits for the sleeve {sleeve}, or the account has no ticket.",
    "Only tickets are served or cancelled.",
    "Lower the share with `setReuse`; it is paid at once.",
  ),
  RecallWeakens: final(
    "With the plain asset in the place of shares of {sleeve} the cover of {account} would go from {coverBefore} to {coverAfter}.",
    "Others move an account's shares back only where that weakens it at neither line.",
    "Leave it, or let the owner recall through the gate.",
  ),
  RecallsWaiting: retryable(
    "{tickets} tickets wait for the sleeve {sleeve}, where somebody has been waiting for two minutes.",
    "While somebody waits for so long nobody else moves in or is paid at once.",
    "Call `serveRecalls` and then this, within two minutes, or ask for a ticket with `requestRecall`.",
  ),
  ReuseAboveDebtShare: final(
    "Account {account} would reuse {reusedValue} in {sleeve} and other capped sleeves.",
    "At most {mostValue}, a share of what it owes.",
    "Reuse less.",
  ),
  ReuseTermOutOfBounds: final(
    "The term {name} was to become {found}.",
    "From {lowest} to {highest}.",
    "Choose a value within the bounds.",
  ),
  ReuseUnchanged: final(
    "Nothing of account {account} would move into or out of {sleeve}.",
    "The share changes, by at least a unit of the asset.",
    "Choose another share; dust can be withdrawn as shares.",
  ),
  ReuseWithinCap: final(
    "Account {account} reuses {reusedValue} in capped sleeves such as {sleeve}, and may reuse {mostValue}.",
    "Others move back only what is above that by more than the tolerance, or the sleeve has no cap.",
    "Nothing to do.",
  ),
  SleeveNotDepositable: final(
    "{sleeve} is a sleeve.",
    "Its shares become collateral by `setReuse` alone.",
    "Redeem the shares, deposit the asset, and consent to reuse.",
  ),
  SleeveOfAnotherAsset: final(
    "The sleeve {sleeve} is not of {asset}.",
    "A sleeve is an ERC-4626 token of the asset.",
    "Check both addresses.",
  ),
  SleeveOfRatedAsset: final(
    "The price of {asset} goes through the rate of {provider}.",
    "A sleeve is of an asset whose feed is its whole price: its shares have one rate, their own.",
    "Choose another asset, or list a feed of the whole price first.",
  ),
  SleevePaidLess: final(
    "The sleeve {sleeve} paid {receivedAssets} and had said {expectedAssets}.",
    "It pays what it says.",
    "Do not use this sleeve; report it.",
  ),
  SleevePaysNothing: retryable(
    "The sleeve {sleeve} pays nothing out now; ticket {ticket} is the next.",
    "Recalls are paid from what is liquid.",
    "Refill its buffer with `refill`, or wait.",
  ),
  SleevePriceInvalid: final(
    "Shares of {sleeve} are priced by {provider} on the feed {feed}.",
    "By the sleeve's own `convertToAssets`, on the feed of its asset.",
    "Set the feed of the sleeve first.",
  ),
};

/** Sleeves: the allocator of reused assets to venues. */
export const SLEEVE_TEXTS: Readonly<Record<string, ErrorText>> = {
  AllocationLosesValue: final(
    "The venue {venue} took {paidAssets} for shares worth {gainedAssets}.",
    "It takes what was allocated, and gives shares of that worth but for a tenth of a percent.",
    "Do not allocate to this venue now.",
  ),
  BufferTooSmall: retryable(
    "The sleeve would keep {idleAssets} idle.",
    "At least {leastAssets}.",
    "Allocate less, or refill the buffer with `refill`.",
  ),
  CallerNotSleeve: final(
    "{caller} called a function that the sleeve calls itself.",
    "Assets are pulled by `recall` and `refill`.",
    "Call one of these.",
  ),
  SleeveInUse: final(
    "The sleeve has {supplyShares} shares.",
    "It is seeded while it has none.",
    "Nothing is to be done: its shares can be listed with a transfer of some.",
  ),
  DepositorNotVault: final(
    "{caller} would put assets into the sleeve.",
    "Only the vault does, for accounts that consent.",
    "Call `setReuse` of the vault.",
  ),
  EntryLosesValue: retryable(
    "Shares for {assets} would count for {worthAssets}: a venue says more than counts of it.",
    "At most a tenth of a percent less.",
    "Wait until the growth of the venue counts.",
  ),
  GasForVenueTooLow: retryable(
    "{gasLeft} gas is left, and asking a venue takes {gasNeeded}.",
    "A venue is asked with enough gas, or the sleeve gives no answer.",
    "Send it again with more gas.",
  ),
  NothingToRefill: final(
    "{idleAssets} are idle, the buffer is {bufferAssets}, and the venue {venue} is not cut.",
    "Anyone recalls what the buffer lacks, and all from a venue that was cut.",
    "Nothing to do.",
  ),
  NothingToSkim: final(
    "The sleeve counts every unit of {token} that it holds.",
    "Only what is not counted leaves.",
    "Nothing to do.",
  ),
  SleeveIlliquid: retryable(
    "The sleeve can pay {availableAssets} now, and {requestedAssets} was asked for.",
    "Idle assets, and what venues pay out.",
    "Ask for less, or take a ticket with `requestRecall` of the vault.",
  ),
  SleeveShortfall: final(
    "The sleeve holds {heldAssets} and counts {idleAssets} as idle.",
    "A token moves by exactly the amount.",
    "Do not use a token that takes fees or changes balances by itself.",
  ),
  SleeveTermOutOfBounds: final(
    "The term {name} was to become {found}.",
    "From {lowest} to {highest}.",
    "Choose a value within the bounds.",
  ),
  TooManyVenues: final(
    "The sleeve has all the venues that it may have.",
    "At most {most}.",
    "Drop one that is worth nothing first.",
  ),
  VenueCapExceeded: final(
    "The venue {venue} would be worth {worthAssets}.",
    "At most {capAssets}: the lower of its cap and its share of all assets.",
    "Allocate less.",
  ),
  VenueInUse: final(
    "The venue {venue} says that {shares} shares are worth {saidAssets}.",
    "A venue is dropped when it is worth nothing.",
    "Recall everything first.",
  ),
  VenueNotListed: final(
    "The sleeve does not know the venue {venue}.",
    "Those that governance set with `setVenue`.",
    "Choose one from `venues()`.",
  ),
  VenueOfAnotherAsset: final(
    "The venue {venue} is for {asset}.",
    "An ERC-4626 token of the sleeve's asset, other than the sleeve.",
    "Check the address.",
  ),
  VenueRefused: retryable(
    "The venue {venue} paid {receivedAssets} for shares that counted {lostAssets} more.",
    "It pays what was asked for, without a loss to those who stay.",
    "Ask for less, try another venue, or let the manager recall at a loss.",
  ),
  VenueSilent: retryable(
    "The venue {venue} does not say what its shares are worth.",
    "Nobody comes in while a venue is silent.",
    "Wait until it answers, or governance drops it.",
  ),
  ZeroSleeveMove: final(
    "{assets} assets for {shares} shares would move.",
    "More than nothing of both.",
    "Give a larger amount.",
  ),
};
