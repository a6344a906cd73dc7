// What each custom error of our contracts means to a person. One row for each error: what was found, what
// is allowed, what to do. `{name}` stands for an argument, written in the unit that its name says. Those of
// pools and funds are in poolErrorTexts.ts, of measured haircuts in haircutErrorTexts.ts, of the custody room in
// custodyErrorTexts.ts, of reuse and sleeves in reuseErrorTexts.ts, of liquidators in liquidatorErrorTexts.ts, those of the libraries
// under the contracts in libraryErrorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";
import { AUTHORITY_TEXTS } from "./authorityErrorTexts.ts";
import { ACCEPTANCE_TEXTS, CUSTODY_TEXTS, REWARD_TEXTS } from "./custodyErrorTexts.ts";
import { HAIRCUT_TEXTS } from "./haircutErrorTexts.ts";
import { LIQUIDATOR_TEXTS } from "./liquidatorErrorTexts.ts";
import { FUND_TEXTS, POOL_TEXTS } from "./poolErrorTexts.ts";
import { SWAPPER_TEXTS } from "./swapperErrorTexts.ts";
import { REUSE_TEXTS, SLEEVE_TEXTS } from "./reuseErrorTexts.ts";

/** Accounts: deposit, withdraw, borrow, repay, operators, the gate. */
const ACCOUNT_TEXTS: Readonly<Record<string, ErrorText>> = {
  AssetNotListed: final(
    "The asset {asset} is not listed.",
    "Only listed assets can be collateral.",
    "Choose an asset from the vault's `assets()`.",
  ),
  BorrowPaused: retryable(
    "Borrowing from pool {pool} is paused.",
    "Repayment, deposits and cures are never paused.",
    "Wait until governance resumes it, or borrow from another pool.",
  ),
  CollateralWithoutCredit: final(
    "The collateral {asset} of account {account} gives no credit against its debts, or its seizure is paused.",
    "Who owes holds collateral that counts and can be taken.",
    "Withdraw it first, or use another account for it.",
  ),
  EmptyExchange: final(
    "{incoming} collaterals would come in and {outgoing} go out.",
    "At least one of each.",
    "Name what comes in and what goes out.",
  ),
  ExchangeLosesValue: final(
    "What comes in to {account} is worth {inValue}, what goes out {outValue}.",
    "At least as much in as out, each at the worse of spot and slow average.",
    "Bring in more, or end at the initial line.",
  ),
  WeakerCollateral: final(
    "{account} would take in collateral with a haircut of {inHaircutPpm} for one of {outHaircutPpm}.",
    "While it is not healthy, no larger haircuts.",
    "Bring in stronger collateral.",
  ),
  CollateralHeldByCall: retryable(
    "Account {account} needs {requiredValue} of cover and has {availableValue}, and is called or below its maintenance line.",
    "Collateral leaves such an account only if it ends at its initial line.",
    "Repay or deposit first, or withdraw less.",
  ),
  DebtBelowMinimum: final(
    "Account {account} would be left owing {debtAssets} to pool {pool}.",
    "A debt is zero or at least {minimumAssets}.",
    "Repay all of it, repay less, or borrow more.",
  ),
  EmptyBatch: final("The batch has no steps.", "A batch has at least one.", "Add a step."),
  InsufficientCollateral: final(
    "Account {account} holds {holdingAssets} of {asset}, and {requestedAssets} was asked for.",
    "No more than the holding can leave.",
    "Ask for less, or for the largest number to take all.",
  ),
  InsufficientMargin: retryable(
    "Account {account} needs {requiredValue} of cover at its initial line and would have {availableValue}.",
    "An action ends at the initial line, or leaves the account no worse than before.",
    "Borrow or withdraw less, deposit more, or repay first.",
  ),
  NoDebt: final(
    "Account {account} owes pool {pool} nothing.",
    "Only a debt can be repaid.",
    "Choose a pool that the account owes.",
  ),
  NotPermitted: final(
    "{caller} has not the right {right} on account {account}.",
    "The owner may do everything, an operator what the owner gave, has not let expire and has not voided by a lockdown.",
    "Send from the owner, or let the owner call `setOperator`.",
  ),
  PoolNotListed: final(
    "Pool {pool} is not listed.",
    "Accounts borrow from listed pools only.",
    "Choose a pool from the vault's `pools()`.",
  ),
  ReceiverNotOwner: final(
    "Operator {caller} of account {account} chose {receiver} as the receiver.",
    "Without the right to send, the receiver is the owner.",
    "Name the owner, or let the owner give the right to send.",
  ),
  SupplyCapExceeded: retryable(
    "The deposit would lift {asset} to {totalAssets}.",
    "Its cap is {capAssets}.",
    "Deposit less, another asset, or wait for room.",
  ),
  SupplyPaused: retryable(
    "New deposits of {asset} are paused.",
    "An account may always top up what it holds already.",
    "Wait until governance resumes them, or deposit another asset.",
  ),
  TokenShortfall: final(
    "After the transfer the vault holds {heldAssets} of {asset} and owes {owedAssets}.",
    "A token moves by exactly the amount.",
    "Do not use a token that takes fees or changes balances by itself.",
  ),
  TooManyCollaterals: final(
    "Account {account} would hold {found} collaterals.",
    "At most {most}.",
    "Withdraw one in full first, or use another account.",
  ),
  TooManyDebts: final(
    "Account {account} would owe {found} pools.",
    "At most {most}.",
    "Repay one in full first, or use another account.",
  ),
  ZeroAssets: final("Zero assets were given.", "An amount above zero.", "Give an amount."),
  ZeroReceiver: final(
    "The receiver is the zero address.",
    "Tokens go to somebody.",
    "Name a receiver.",
  ),
};

/** Margin calls, liquidations, write-offs. */
const LIQUIDATION_TEXTS: Readonly<Record<string, ErrorText>> = {
  AccountCovered: retryable(
    "Account {account} needs {requiredValue} of cover and has {availableValue}.",
    "A call is issued only below the maintenance line.",
    "Nothing to do; look again when prices move.",
  ),
  AccountInsolvent: retryable(
    "Account {account} owes {debtValue} on collateral worth {collateralValue}.",
    "An insolvent account is written off, not liquidated.",
    "Call `writeOff`.",
  ),
  AccountSolvent: retryable(
    "Account {account} owes {debtValue} on collateral worth {collateralValue}.",
    "Only an insolvent account is written off.",
    "Call `liquidate` if it is liquidatable.",
  ),
  CallBelowMinimum: retryable(
    "A call of account {account} would demand {amountValue}.",
    "At least {leastValue}.",
    "Nothing to do; look again when prices move.",
  ),
  CallRunning: retryable(
    "The call of account {account} runs until {deadline}; a new one would run until {newDeadline}.",
    "A running call can only be shortened.",
    "Wait for the deadline, or for the account to use more of its cushion.",
  ),
  CallUnchanged: retryable(
    "Account {account} needs {requiredValue} of cover and has {availableValue}: its call stays as it is.",
    "Clearing pauses a call of a covered account, or cures one at the initial line.",
    "Nothing to do; look again when prices move.",
  ),
  CollateralNotSeizable: retryable(
    "{asset} of account {account} cannot be seized.",
    "A collateral must be held, freshly priced, and its seizure not paused, nor resumed less than an hour ago.",
    "Choose another collateral of the account, or wait for the price or until `seizableAt`.",
  ),
  CoolingOff: retryable(
    "The owner lowered the cover of account {account} in this very transaction.",
    "Liquidation waits for the next transaction.",
    "Send it again.",
  ),
  CoverageFell: retryable(
    "The coverage of account {account} would go from {coverageBeforeWad} to {coverageAfterWad}.",
    "A liquidation never lowers coverage.",
    "Read the account again and plan anew; if it persists, report it.",
  ),
  CureTimeLeft: retryable(
    "Account {account} may cure its call until {deadline} and has used {usedWad} of its cushion.",
    "Before the deadline only an account that used more than {closeOutBps} is liquidated.",
    "Wait for the deadline.",
  ),
  DeadlinePassed: retryable(
    "The transaction was to act until {deadline}, and it is {currentAt}.",
    "It acts before its deadline only.",
    "Send it again with a later deadline.",
  ),
  DebtNotOwed: retryable(
    "Account {account} does not owe pool {pool}.",
    "A leg repays a debt of the account.",
    "Read the account again and plan anew.",
  ),
  JumpUnconfirmed: retryable(
    "Account {account} is uncovered or insolvent solely by a price that jumped, until {endsAt} or a round confirms it.",
    "Liquidation of an account that used at most half of its cushion, and write-off, wait for half of the jump to be confirmed.",
    "Refresh the asset's rounds when its feed has a new one, or wait until the window ends.",
  ),
  LegsOutOfRange: final(
    "{found} legs were given.",
    "From 1 to {most}.",
    "Give each pair of collateral and debt once.",
  ),
  ListLengthMismatch: retryable(
    "The list {name} has {found} entries.",
    "{expected}: one for each collateral or debt of the account.",
    "Read the account again and plan anew.",
  ),
  NoCall: retryable(
    "Account {account} is not called.",
    "Only a stored call can be cleared.",
    "Nothing to do.",
  ),
  NotCalled: retryable(
    "Account {account} has not been called and has used {usedWad} of its cushion.",
    "Without a call only an account that used more than {closeOutBps} is liquidated.",
    "Issue a margin call first.",
  ),
  NotLiquidatable: retryable(
    "Account {account} needs {requiredValue} of cover and has {availableValue}.",
    "Nothing is taken from an account that is covered at maintenance.",
    "Nothing to do; look again when prices move.",
  ),
  LossUnchanged: retryable(
    "The pools already know what loss {account} will leave.",
    "A flag changes when the loss does.",
    "Do nothing.",
  ),
  NothingToWriteOff: retryable(
    "Nothing of {account} worth the dust value can be taken or booked.",
    "Collateral without a fresh price, or paused, stays with the rest of the debt.",
    "Wait for its price, or for the end of the pause.",
  ),
  SeizureThrottled: retryable(
    "The throttles of the collaterals leave nothing to take from {account} now.",
    "A large holding gives half of an hour's limit, unless more than half of the cushion is used.",
    "Try again in some minutes, or take another collateral.",
  ),
  NothingToRepay: retryable(
    "No leg repays anything of account {account}.",
    "The maxima are above zero, and a bonus is left on the pair within its caps.",
    "Raise the maxima, or choose another pair.",
  ),
  OutputBelowMinimum: retryable(
    "The liquidator would get {seizedAssets} of {asset}.",
    "It asked for at least {minimumOut}.",
    "Read the account again and plan anew.",
  ),
  PaymentAboveMaximum: retryable(
    "The write-off would cost {repaidAssets} of the cash of pool {pool}.",
    "The liquidator set {maxRepaidAssets} as its most.",
    "Raise the maximum, or read the account again and plan anew.",
  ),
  RepaymentTooSmall: retryable(
    "A leg of account {account} would repay {repaidValue}.",
    "At least {leastValue}: what is needed, or the dust value where that is smaller.",
    "Raise the maximum of the leg; it may be the liquidator's own cash that is short.",
  ),
  UnexpectedLiquidations: retryable(
    "Account {account} was liquidated {found} times, and {expected} was expected.",
    "A liquidator acts on the account that it saw.",
    "Somebody else was first: read the account again.",
  ),
};

/** Prices. */
const PRICE_TEXTS: Readonly<Record<string, ErrorText>> = {
  AnswerFromFuture: retryable(
    "The feed of {asset} answers for {updatedAt}, and it is {currentAt}.",
    "An answer is not later than the block.",
    "Wait for the next round.",
  ),
  AnswerNotPositive: retryable(
    "The feed of {asset} answers {answer}.",
    "A price is above zero.",
    "Wait for the next round; deposits, repayment and cures work meanwhile.",
  ),
  AnswerOutOfBounds: retryable(
    "The feed of {asset} answers {answer}.",
    "Believed from {lowest} to {highest}.",
    "Wait; if the price is real, governance moves the bounds.",
  ),
  AnswerStale: retryable(
    "The price of {asset} is of {updatedAt}.",
    "Not older than {oldestAllowedAt}.",
    "Wait for the next round; deposits, repayment and cures work meanwhile.",
  ),
  FeedUnreachable: retryable(
    "The feed {feed} of {asset} does not answer.",
    "A feed returns a round.",
    "Wait; if it stays, governance replaces the feed.",
  ),
  FeedsDisagree: retryable(
    "The feeds of {asset} say {price} and {secondPrice}.",
    "They differ by at most {maxDeviationBps}.",
    "Wait until they agree.",
  ),
  RateAboveMaximum: retryable(
    "The exchange rate of {asset} is {rateWad}.",
    "At most {mostWad}.",
    "Wait; if it stays, governance replaces the rate's provider.",
  ),
  RateUnreachable: retryable(
    "The provider {provider} of the exchange rate of {asset} tells none.",
    "A provider answers one number above zero.",
    "Wait; deposits of what is held, repayment and cures work meanwhile. If it stays, governance replaces the provider.",
  ),
  RoundIncomplete: retryable(
    "Round {roundId} of {asset} is of {updatedAt} and was answered in round {answeredInRound}.",
    "A round has a time and is answered in itself.",
    "Wait for the next round.",
  ),
  SequencerDown: retryable(
    "The sequencer of this chain is down since {sinceAt}.",
    "Risk is taken, and accounts are called and liquidated, only while it runs.",
    "Wait.",
  ),
  SequencerInGrace: retryable(
    "The sequencer of this chain is up again since {upAt}.",
    "Owners have {graceFor} to act first.",
    "Wait.",
  ),
};

/** Governance. */
const GOVERNANCE_TEXTS: Readonly<Record<string, ErrorText>> = {
  AssetAlreadyListed: final(
    "{asset} is already listed, as number {id}.",
    "An asset is listed once.",
    "Change it with `setFeed`, `setSupplyCap` or `setPair`.",
  ),
  AssetHasPrice: final(
    "{asset} has a fresh price, {price}.",
    "Only an asset without one can be declared worthless.",
    "Leave it; liquidation takes it at its price.",
  ),
  CapAboveDepth: final(
    "The cap of {asset} would be worth {capValue}.",
    "At most {mostValue}, twice its smallest market depth.",
    "Choose a lower cap, or raise the depth with evidence first.",
  ),
  DecimalsAboveMaximum: final(
    "{asset} has {decimals} decimals.",
    "At most {most}.",
    "Use another token.",
  ),
  FeedChangeTooLarge: final(
    "The feed of {asset} says {oldPrice}, the new one {newPrice}.",
    "They differ by at most {maxDeviationBps}.",
    "Check the new feed; wait until both agree.",
  ),
  FeedDecimalsInvalid: final(
    "The feed {feed} has {decimals} decimals.",
    "At most {most}, and it must say so.",
    "Use another feed.",
  ),
  ListingRuleBroken: final(
    "With these parameters {asset} against pool {pool} gives {leftWad}.",
    "At most {rightWad}: close-out must come before insolvency.",
    "Raise the maintenance haircut, or lower the highest bonus.",
  ),
  NotAToken: final(
    "At {asset} is no token that says its decimals.",
    "An ERC-20 with `decimals()`.",
    "Check the address and the chain.",
  ),
  ParameterOutOfBounds: final(
    "The parameter {name} was to become {found}.",
    "From {lowest} to {highest}.",
    "Choose a value within the bounds.",
  ),
  PoolAlreadyListed: final(
    "The pool {pool} is already listed, as {id}.",
    "Each pool once.",
    "Use the number it has.",
  ),
  PoolOfAnotherVault: final(
    "The pool {pool} lends for the vault {vault}.",
    "A pool of this vault.",
    "Deploy a pool for this vault, or check the address.",
  ),
  RateDecimalsInvalid: final(
    "The rate of {provider} was said to have {decimals} decimals.",
    "{assetDecimals}, those of the provider's asset.",
    "Check the asset of the provider, and say its decimals.",
  ),
  RegistryFull: final(
    "The registry is full.",
    "At most {most} entries.",
    "A further entry needs a new vault.",
  ),
  UnknownFunction: final(
    "The contract has no function {selector}.",
    "Those of `ICollateralVault`.",
    "Check the address and the version of the interface.",
  ),
};

/** Every error of Surety's own contracts, by name. */
export const ERROR_TEXTS: Readonly<Record<string, ErrorText>> = {
  ...ACCOUNT_TEXTS,
  ...LIQUIDATION_TEXTS,
  ...PRICE_TEXTS,
  ...AUTHORITY_TEXTS,
  ...ACCEPTANCE_TEXTS,
  ...CUSTODY_TEXTS,
  ...REWARD_TEXTS,
  ...REUSE_TEXTS,
  ...SLEEVE_TEXTS,
  ...HAIRCUT_TEXTS,
  ...POOL_TEXTS,
  ...FUND_TEXTS,
  ...GOVERNANCE_TEXTS,
  ...LIQUIDATOR_TEXTS,
  ...SWAPPER_TEXTS,
};
