// The one door of the sdk. Arithmetic comes by the name of its library, as in the contracts: `healthMath.sum`.
import * as callClock from "./callClock.ts";
import * as compactFloat from "./compactFloat.ts";
import * as debtShares from "./debtShares.ts";
import * as fixedPoint from "./fixedPoint.ts";
import * as haircutPath from "./haircutPath.ts";
import * as healthMath from "./healthMath.ts";
import * as interestModel from "./interestModel.ts";
import * as jump from "./jump.ts";
import * as liquidationMath from "./liquidationMath.ts";
import * as mathLib from "./mathLib.ts";
import * as measuredHaircut from "./measuredHaircut.ts";
import * as rateCap from "./rateCap.ts";
import * as rewardIndex from "./rewardIndex.ts";
import * as sizeBrackets from "./sizeBrackets.ts";
import * as slowAverage from "./slowAverage.ts";
import * as throttle from "./throttle.ts";
import * as tierPath from "./tierPath.ts";
import * as variance from "./variance.ts";
import * as waterfall from "./waterfall.ts";

export {
  callClock,
  compactFloat,
  debtShares,
  fixedPoint,
  haircutPath,
  healthMath,
  interestModel,
  jump,
  liquidationMath,
  mathLib,
  measuredHaircut,
  rateCap,
  rewardIndex,
  sizeBrackets,
  slowAverage,
  throttle,
  tierPath,
  variance,
  waterfall,
};

export {
  type AccountId,
  AccountIdInvalid,
  ownerOf,
  parseAccountId,
  TagOutOfRange,
  tagOf,
  toAccountId,
} from "./accountId.ts";
export {
  type Allowance,
  consentTypedData,
  type OperatorConsent,
  type OperatorTerms,
  type Permit,
  type PermitToken,
  permitTypedData,
  RIGHTS,
  sortedTerms,
  toNonce,
  type TypedData,
} from "./consent.ts";
export { poolAt, sleeveAt, swapperAt, tokenAt, vaultAt } from "./contracts.ts";
export {
  type Claim,
  type CustodyPlace,
  type CustodyReport,
  type CustodyRow,
  custodyReport,
  type Reserve,
  readReserves,
  rewardsPlace,
  sleevePlace,
  vaultPlace,
} from "./custody.ts";
export {
  type ErrorArgument,
  type ErrorFacts,
  errorTextOf,
  explainError,
  formatArgument,
  SuretyError,
} from "./errors.ts";
export { explainLiquidation } from "./explain.ts";
export {
  explainHaircut,
  HaircutNotMeasured,
  type HaircutStory,
  type MeasureStory,
} from "./explainHaircut.ts";
export { type FeedRound, feedAt, readLatestRound, readRound } from "./feed.ts";
export {
  type HaircutView,
  type MeasureView,
  type PairMeasureView,
  type PairModel,
  readHaircut,
  readMeasure,
  readPairMeasure,
} from "./measures.ts";
export {
  NoLiquidation,
  NotAVault,
  TransactionHashInvalid,
  TransactionPending,
  TransactionReverted,
  TransactionUnknown,
  VaultAddressInvalid,
  VaultAmbiguous,
} from "./explain/failures.ts";
export type { Liquidated, LiquidationStory, WrittenOff } from "./explain/stories.ts";
export type { Curve } from "./interestModel.ts";
export type { LegReceipt, Refusal } from "./liquidation.ts";
export type { Leg, Sized } from "./liquidationMath.ts";
export {
  type CallStanding,
  type Episode,
  type LegChoice,
  type LiquidationRules,
  NO_EPISODE,
} from "./liquidationRun.ts";
export { ArithmeticUnderflow, BPS, PPM, WAD } from "./mathLib.ts";
export { payableBonus, payableLiquidation, payoutOf, type SleevePaysNothing } from "./payable.ts";
export {
  type LiquidationPlan,
  leastLiquidation,
  type PlannedLiquidation,
  previewLiquidation,
} from "./planner.ts";
export {
  type AssetAmount,
  type Binding,
  optimise,
  type OptimiserStep,
  type Proposal,
  type ProposedLine,
} from "./optimiser.ts";
export { CoverOutOfReach, DebtUnpriced } from "./optimiser/failures.ts";
export type { Candidate, Judgement, OptimiserProblem } from "./optimiser/problem.ts";
export { SolverFailed } from "./optimiser/program.ts";
export { type OptimiserWishes, readOptimiserProblem } from "./optimiser/read.ts";
export {
  type AssetView,
  type MarketTerms,
  type MarketView,
  type PairView,
  type PoolView,
  type RateView,
  readAssets,
  readMarket,
  readTerms,
  readPair,
} from "./market.ts";
export {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type AccountView,
  CALL_STATES,
  type CallState,
  type HealthRow,
  readAccount,
  readHealth,
  liquidationRulesOf,
  readTier,
  type TierView,
  standingOf,
  UnknownCode,
} from "./reader.ts";
export { aaveV3, type AaveV3Terms } from "./simulator/aaveV3.ts";
export type { Policy, PriceStep, SimulatedAccount } from "./simulator/accounts.ts";
export { compoundV3, type CompoundV3Terms } from "./simulator/compoundV3.ts";
export { AAVE_V3_MAINNET, COMPOUND_V3_MAINNET_USDT } from "./simulator/published.ts";
export { type ReplayInput, type ReplayResult, replay } from "./simulator/replay.ts";
export { surety, type SuretyTerms } from "./simulator/surety.ts";
export type { CollateralTerms } from "./seizure.ts";
export {
  type AllocatorView,
  type Payout,
  payoutDown,
  payoutValue,
  readAllocator,
  readPayout,
  readSleeves,
  readWaiting,
  redeemableDown,
  type SleeveView,
  type VenueView,
} from "./sleeves.ts";
export {
  type CollateralLine,
  type DebtLine,
  type Health,
  PRICE_VIEWS,
  type PriceView,
  type RiskParameters,
  type Snapshot,
} from "./snapshot.ts";
export {
  DecimalsOutOfRange,
  formatUnits,
  fromWad,
  NotDecimal,
  TooPrecise,
  toNumber,
  toUnits,
  toUnitsDown,
  toUnitsUp,
  toWad,
} from "./units.ts";
export {
  LEAVE,
  type PlannedWriteOff,
  type Settled,
  type Taken,
  type WriteOffPlan,
  writeOffPlan,
} from "./writeOff.ts";
