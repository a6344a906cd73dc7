import type { Parameters } from "./schema.ts";

/** A role of the deployment, as parameter files call it. */
export type RoleName = keyof Parameters["roles"];

export interface Role {
  readonly name: RoleName;
  /** Number in the AccessManager. */
  readonly id: bigint;
  /** Label in the AccessManager; ADMIN has none, its number is fixed by OpenZeppelin. */
  readonly label: string;
  /** Functions of `ICollateralVault` that only this role may call. */
  readonly vaultFunctions: readonly string[];
  /** Functions of `ILendingPool` that only this role may call. */
  readonly poolFunctions: readonly string[];
  /** Functions of `IInsuranceFund` that only this role may call. */
  readonly fundFunctions: readonly string[];
  /** Functions of `IRewardsDistributor` that only this role may call. */
  readonly distributorFunctions: readonly string[];
  /** Functions of `IVenueAllocator` that only this role may call, on every allocator of the deployment. */
  readonly allocatorFunctions: readonly string[];
  /** Whether the guardian may cancel what holders of this role have scheduled. */
  readonly isCancelledByGuardian: boolean;
}

/**
 * Who may do what: the only source, from which the deployment sets the AccessManager and with which the tests compare the
 * chain. docs/roles.md is its published form.
 */
export const ROLES: readonly Role[] = [
  {
    name: "admin",
    id: 0n,
    label: "ADMIN",
    vaultFunctions: [],
    poolFunctions: [],
    fundFunctions: [],
    distributorFunctions: [],
    allocatorFunctions: [],
    isCancelledByGuardian: false,
  },
  {
    name: "governor",
    id: 1n,
    label: "GOVERNOR",
    vaultFunctions: [
      "listAsset",
      "setFeed",
      "startMeasure",
      "setAssetPause",
      "setWorthless",
      "delist",
      "listPool",
      "setDebtFactor",
      "setBorrowPause",
      "setRiskParameters",
      "setTierTerms",
      "recover",
      "setRewards",
      "setHarvest",
      "setSleeve",
    ],
    poolFunctions: ["setTerms", "setFund"],
    fundFunctions: ["setTerms"],
    distributorFunctions: ["addStream", "setPeriod", "resumeStream", "returnUnemitted"],
    allocatorFunctions: ["seed", "setVenue", "dropVenue", "setRules", "skim"],
    isCancelledByGuardian: true,
  },
  {
    name: "riskSteward",
    id: 2n,
    label: "RISK_STEWARD",
    vaultFunctions: ["setSupplyCap", "setPair", "setPairModel", "postDepth"],
    poolFunctions: [],
    fundFunctions: [],
    distributorFunctions: [],
    allocatorFunctions: [],
    isCancelledByGuardian: true,
  },
  {
    name: "guardian",
    id: 3n,
    label: "GUARDIAN",
    vaultFunctions: ["pauseAsset", "pauseBorrow"],
    poolFunctions: [],
    fundFunctions: [],
    distributorFunctions: ["stopStream"],
    allocatorFunctions: ["cutVenue"],
    isCancelledByGuardian: false,
  },
  {
    name: "feeCollector",
    id: 4n,
    label: "FEE_COLLECTOR",
    vaultFunctions: [],
    poolFunctions: ["collectFees"],
    fundFunctions: [],
    distributorFunctions: [],
    allocatorFunctions: [],
    isCancelledByGuardian: true,
  },
  {
    name: "venueManager",
    id: 5n,
    label: "VENUE_MANAGER",
    vaultFunctions: [],
    poolFunctions: [],
    fundFunctions: [],
    distributorFunctions: [],
    allocatorFunctions: ["allocate", "recall"],
    isCancelledByGuardian: true,
  },
];

/** Functions of the vault that change state and are open to everybody; each judges its caller itself. */
export const PUBLIC_VAULT_FUNCTIONS: readonly string[] = [
  "deposit",
  "withdraw",
  "borrow",
  "repay",
  "depositAndBorrow",
  "batch",
  "setOperator",
  "setOperatorTerms",
  "setOperatorBySig",
  "voidConsents",
  "lockdown",
  "permitAndCall",
  "issueMarginCall",
  "clearMarginCall",
  "substitute",
  "substituteBySwap",
  "setReuse",
  "trimReuse",
  "requestRecall",
  "serveRecalls",
  "liquidate",
  "writeOff",
  "flagLoss",
  "updateSlowAverages",
  "refreshPrices",
  "refresh",
  "refreshPair",
  "enterPhase",
  "harvest",
  "returnDelisted",
];

/** The same of a lending pool, ERC-4626 and ERC-20 included. */
export const PUBLIC_POOL_FUNCTIONS: readonly string[] = [
  "deposit",
  "mint",
  "withdraw",
  "redeem",
  "transfer",
  "transferFrom",
  "approve",
  "accrueDebt",
  "flashLoan",
  "payFund",
];

/** Functions of a lending pool that only its vault may call. */
export const VAULT_ONLY_POOL_FUNCTIONS: readonly string[] = [
  "disburseLoan",
  "repayDebt",
  "settle",
  "reviseFlaggedLoss",
];

/** Functions of an insurance fund that change state and are open to everybody. */
export const PUBLIC_FUND_FUNCTIONS: readonly string[] = [
  "deposit",
  "mint",
  "withdraw",
  "redeem",
  "transfer",
  "transferFrom",
  "approve",
  "requestWithdrawal",
  "cancelWithdrawal",
];

/** Functions of an insurance fund that only its pool may call. */
export const POOL_ONLY_FUND_FUNCTIONS: readonly string[] = ["slash", "receiveIncome"];

/** Functions of a distributor of rewards that change state and are open to everybody. */
export const PUBLIC_DISTRIBUTOR_FUNCTIONS: readonly string[] = ["fund", "claim", "setCompounding"];

/** Functions of a distributor that only its vault may call, or it itself. */
export const OWN_DISTRIBUTOR_FUNCTIONS: readonly string[] = ["checkpoint", "payOut"];

/** Functions of an allocator that change state and are open to everybody. */
export const PUBLIC_ALLOCATOR_FUNCTIONS: readonly string[] = [
  "withdraw",
  "redeem",
  "transfer",
  "transferFrom",
  "approve",
  "refill",
  "touch",
];

/** Functions of an allocator that only its vault may call. */
export const VAULT_ONLY_ALLOCATOR_FUNCTIONS: readonly string[] = ["deposit", "mint"];

/** Functions of an allocator that only it itself may call. */
export const OWN_ALLOCATOR_FUNCTIONS: readonly string[] = ["pullFrom"];

/** The role of a name. */
export function roleOf(name: RoleName): Role {
  const role = ROLES.find((candidate) => candidate.name === name);
  if (role === undefined) throw new RangeError(`role "${name}" found in no row of ROLES`);
  return role;
}
