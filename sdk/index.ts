// The one door of the sdk. Arithmetic comes by the name of its library, as in the contracts: `healthMath.sum`.
import * as callClock from "./callClock.ts";
import * as compactFloat from "./compactFloat.ts";
import * as debtShares from "./debtShares.ts";
import * as haircutPath from "./haircutPath.ts";
import * as healthMath from "./healthMath.ts";
import * as interestModel from "./interestModel.ts";
import * as liquidationMath from "./liquidationMath.ts";
import * as mathLib from "./mathLib.ts";
import * as sizeBrackets from "./sizeBrackets.ts";
import * as slowAverage from "./slowAverage.ts";
import * as waterfall from "./waterfall.ts";

export {
  callClock,
  compactFloat,
  debtShares,
  haircutPath,
  healthMath,
  interestModel,
  liquidationMath,
  mathLib,
  sizeBrackets,
  slowAverage,
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
export { poolAt, tokenAt, vaultAt } from "./contracts.ts";
export {
  type ErrorArgument,
  type ErrorFacts,
  errorTextOf,
  explainError,
  formatArgument,
  SuretyError,
} from "./errors.ts";
export type { Curve } from "./interestModel.ts";
export type {
  CallStanding,
  CollateralTerms,
  LegChoice,
  LegReceipt,
  LiquidationRules,
  Refusal,
} from "./liquidation.ts";
export type { Leg, Sized } from "./liquidationMath.ts";
export { ArithmeticUnderflow, BPS, PPM, WAD } from "./mathLib.ts";
export {
  type LiquidationPlan,
  leastLiquidation,
  type PlannedLiquidation,
  type PlannedWriteOff,
  previewLiquidation,
  type Settled,
  type Taken,
  type WriteOffPlan,
  writeOffPlan,
} from "./planner.ts";
export {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type AccountView,
  type AssetView,
  CALL_STATES,
  type CallState,
  type HealthRow,
  type MarketView,
  type PairView,
  type PoolView,
  readAccount,
  readHealth,
  readMarket,
  readPair,
  UnknownCode,
} from "./reader.ts";
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
