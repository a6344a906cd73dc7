// Reads accounts and their owners through the vault's lens, as plain read-only objects.
import type { BlockTag } from "ethers";
import type {
  ICollateralVault,
  IVaultLens,
} from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { type AccountId, parseAccountId } from "./accountId.ts";
import type { CallStanding, Episode, LiquidationRules } from "./liquidationRun.ts";
import type { CollateralTerms } from "./seizure.ts";
import type { CollateralLine, DebtLine, Health, RiskParameters, Snapshot } from "./snapshot.ts";

/** What can happen to an account next, in the order of the contract's enum. */
export const ACCOUNT_STATUSES = [
  "healthy",
  "callable",
  "called",
  "paused",
  "liquidatable",
  "insolvent",
  "unpriced",
] as const;

export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** Stored states of a margin call, in the order of the contract's numbers. */
export const CALL_STATES = ["healthy", "called", "paused"] as const;

export type CallState = (typeof CALL_STATES)[number];

/** Health of one account in one row, at spot. Values in USD wad. */
export interface HealthRow extends Health {
  readonly account: AccountId;
  readonly status: AccountStatus;
  /** share of the cushion used [wad] */
  readonly usedWad: bigint;
  /** of the running call, 0 for none */
  readonly deadline: bigint;
  /** to pass as `expectedLiquidations` */
  readonly liquidations: bigint;
  readonly version: bigint;
  /** bit i is set when asset i is held as collateral */
  readonly heldAssets: bigint;
  /** bit i is set when asset i is owed */
  readonly owedAssets: bigint;
}

/** Everything about one account. */
export interface AccountView {
  readonly row: HealthRow;
  readonly snapshot: Snapshot;
  /** at opening prices, the first arm of the gate */
  readonly opening: Health;
  /** what A_I of `opening` must reach: its R, and what the owner's tier asks for beyond [value] */
  readonly requiredValue: bigint;
  /** of the stored call [value] */
  readonly callAmountValue: bigint;
  readonly callState: CallState;
  /** when paused [s] */
  readonly callLeftFor: bigint;
  /** USD that restore the initial line now [value] */
  readonly restoreValue: bigint;
  /** liquidation and write-off wait for a jump of a price to be confirmed; 0: they do not [s] */
  readonly waitsUntil: bigint;
  readonly episodeTargetBps: bigint;
  readonly episode: Episode;
  /** one for each collateral of the snapshot */
  readonly seizures: readonly CollateralTerms[];
}

/** How many accounts one call of the lens judges; a node's gas limit for calls bounds it. */
const HEALTH_PAGE = 100;

/** The contract answered with a number that this sdk does not know: the two are of different versions. */
export class UnknownCode extends Error {
  override readonly name = "UnknownCode";
  readonly what: string;
  readonly code: bigint;

  constructor(what: string, code: bigint, most: number) {
    super(
      `The lens answers ${what} ${code}; 0 to ${most} are known. Use the sdk of this deployment.`,
    );
    this.what = what;
    this.code = code;
  }
}

/** Everything about one account, in one call. */
export async function readAccount(
  vault: ICollateralVault,
  account: AccountId,
  blockTag: BlockTag = "latest",
): Promise<AccountView> {
  const view = await vault.accountOf(account, { blockTag });
  return {
    row: toRow(view.row),
    snapshot: {
      collaterals: view.snapshot.collaterals.map(toCollateralLine),
      debts: view.snapshot.debts.map(toDebtLine),
    },
    opening: toHealth(view.opening),
    requiredValue: view.requiredValue,
    callAmountValue: view.callAmountValue,
    callState: named("call state", CALL_STATES, view.callState),
    callLeftFor: view.callLeftFor,
    restoreValue: view.restoreValue,
    waitsUntil: view.waitsUntil,
    episodeTargetBps: view.episodeTargetBps,
    episode: toEpisode(view.episode),
    seizures: view.seizures.map(toSeizure),
  };
}

/** Health of many accounts at one block, in pages; rows in the order of `accounts`. */
export async function readHealth(
  vault: ICollateralVault,
  accounts: readonly AccountId[],
  blockTag: BlockTag = "latest",
  pageSize = HEALTH_PAGE,
): Promise<readonly HealthRow[]> {
  const rows: HealthRow[] = [];
  for (let from = 0; from < accounts.length; from += pageSize) {
    const page = await vault.healthOf(accounts.slice(from, from + pageSize), { blockTag });
    rows.push(...page.map(toRow));
  }
  return rows;
}

/** What all accounts of one owner need beyond the initial margin of others. */
export interface TierView {
  /** in force now [bps of the initial margin] */
  readonly surchargeBps: bigint;
  /** 0 for never [s] */
  readonly raisedAt: bigint;
  readonly defaults: bigint;
}

/** The tier of an owner. */
export async function readTier(
  vault: ICollateralVault,
  owner: string,
  blockTag: BlockTag = "latest",
): Promise<TierView> {
  const { surchargeBps, raisedAt, defaults } = await vault.tierOf(owner, { blockTag });
  return { surchargeBps, raisedAt, defaults };
}

/** What governance set for the lines of one account, as a plan of its liquidation needs it. */
export function liquidationRulesOf(
  { seizures }: AccountView,
  parameters: RiskParameters,
): LiquidationRules {
  return { parameters, collaterals: seizures };
}

/** Where the account's call stood at a time, as a plan of its liquidation needs it. */
export function standingOf(view: AccountView, nowAt: bigint): CallStanding {
  const { row, callState, episodeTargetBps, episode } = view;
  return { state: callState, deadline: row.deadline, episodeTargetBps, episode, nowAt };
}

function toEpisode(view: Episode): Episode {
  return {
    coverageWad: view.coverageWad,
    equityWad: view.equityWad,
    bonusMostWad: view.bonusMostWad,
    rewardWad: view.rewardWad,
    countsUntil: view.countsUntil,
  };
}

function toSeizure(view: {
  readonly isPaused: boolean;
  readonly seizableAt: bigint;
  readonly deepestValue: bigint;
  readonly levelValue: bigint;
  readonly levelAt: bigint;
  readonly accountLevelValue: bigint;
  readonly accountLevelAt: bigint;
  readonly maxBonusBps: readonly bigint[];
}): CollateralTerms {
  return {
    isSeizurePaused: view.isPaused,
    seizableAt: view.seizableAt,
    deepestValue: view.deepestValue,
    levelValue: view.levelValue,
    levelAt: view.levelAt,
    accountLevelValue: view.accountLevelValue,
    accountLevelAt: view.accountLevelAt,
    maxBonusBps: [...view.maxBonusBps],
  };
}

function toRow(row: IVaultLens.HealthRowStructOutput): HealthRow {
  return {
    ...toHealth(row),
    account: parseAccountId(row.account),
    status: named("account status", ACCOUNT_STATUSES, row.status),
    usedWad: row.usedWad,
    deadline: row.deadline,
    liquidations: row.liquidations,
    version: row.version,
    heldAssets: row.heldAssets,
    owedAssets: row.owedAssets,
  };
}

function toHealth(health: Health): Health {
  return {
    collateralValue: health.collateralValue,
    debtValue: health.debtValue,
    coverInitial: health.coverInitial,
    coverMaintenance: health.coverMaintenance,
    requirement: health.requirement,
  };
}

function toCollateralLine(line: CollateralLine): CollateralLine {
  return {
    id: line.id,
    asset: line.asset,
    assets: line.assets,
    totalAssets: line.totalAssets,
    price: line.price,
    slowPrice: line.slowPrice,
    isFresh: line.isFresh,
    haircutInitialPpm: line.haircutInitialPpm,
    haircutMaintenancePpm: line.haircutMaintenancePpm,
    depthValue: line.depthValue,
  };
}

function toDebtLine(line: DebtLine): DebtLine {
  return {
    id: line.id,
    pool: line.pool,
    assetId: line.assetId,
    shares: line.shares,
    index: line.index,
    shareUnit: line.shareUnit,
    assets: line.assets,
    price: line.price,
    slowPrice: line.slowPrice,
    isFresh: line.isFresh,
    factorPpm: line.factorPpm,
  };
}

function named<Name extends string>(what: string, names: readonly Name[], code: bigint): Name {
  const name = names[Number(code)];
  if (name === undefined) throw new UnknownCode(what, code, names.length - 1);
  return name;
}
