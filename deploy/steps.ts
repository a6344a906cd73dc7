import { dataSlice, id as hashOf } from "ethers";
import { type CreatedContract, type SpokenContract, selectorsOf } from "./contracts.ts";
import { modelConfigOf } from "./modelConfig.ts";
import { parseDecimal } from "./quantity.ts";
import { ROLES, type Role, type RoleName, roleOf } from "./roles.ts";
import type { AssetParameters, PairParameters, Parameters, PoolParameters } from "./schema.ts";

/** The address of what an earlier step created. */
interface AddressOf {
  readonly addressOf: string;
}

/** The address of an account of the deployer's node; 0 is the deployer. */
interface AccountAt {
  readonly account: number;
}

/** An address that is given when the deployment is started: a parameter of the Ignition module. */
export interface Given {
  readonly given: string;
}

export type Argument =
  | string
  | bigint
  | boolean
  | AddressOf
  | AccountAt
  | Given
  | readonly Argument[]
  | { readonly [field: string]: Argument };

interface CreateStep {
  readonly type: "create";
  readonly id: string; // letters, digits and underscores
  readonly phase: number; // steps of a phase may go in any order, after all of the phase before
  readonly contract: CreatedContract;
  readonly args: readonly Argument[];
}

interface CallStep {
  readonly type: "call";
  readonly id: string;
  readonly phase: number;
  readonly target: string; // id of the step that created it
  readonly contract: SpokenContract; // whose ABI it is called by
  readonly method: string;
  readonly args: readonly Argument[];
}

/** One transaction of a deployment. */
export type Step = CreateStep | CallStep;

const MANAGER: AddressOf = { addressOf: "AccessManager" };
const DEPLOYER: AccountAt = { account: 0 };
const NO_SELECTOR = "0x00000000";
const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/**
 * Every transaction that makes a deployment out of its parameters, in order: contracts, assets, pools, risk, roles, and at
 * last the hand-over, after which the deployer has no role. Both Ignition and the local system run this list.
 * @param params Checked parameters.
 * @param pricedAt Time of the first answer of mock feeds, not after the next block's [unix s]
 */
export function planDeployment(params: Parameters, pricedAt: bigint): readonly Step[] {
  const plan = new Plan();
  createMocks(plan, params, pricedAt);
  createCore(plan, params);
  listAssets(plan, params);
  listPools(plan, params);
  setRisk(plan, params);
  startMeasures(plan, params);
  setRoles(plan, params);
  handOver(plan, params);
  return plan.steps;
}

/** Steps in groups of one phase each, in order. */
export function phasesOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const phases = [...new Set(steps.map(({ phase }) => phase))].sort((a, b) => a - b);
  return phases.map((phase) => steps.filter((step) => step.phase === phase));
}

export function isList(arg: Argument): arg is readonly Argument[] {
  return Array.isArray(arg);
}

export function isAddressOf(arg: Argument): arg is AddressOf {
  return typeof arg === "object" && "addressOf" in arg && typeof arg.addressOf === "string";
}

export function isAccountAt(arg: Argument): arg is AccountAt {
  return typeof arg === "object" && "account" in arg && typeof arg.account === "number";
}

export function isGiven(arg: Argument): arg is Given {
  return typeof arg === "object" && "given" in arg && typeof arg.given === "string";
}

/** Id of the step that created the mock token of an asset. */
export function tokenId(symbol: string): string {
  return `Token_${symbol}`;
}

/** Id of the step that created the aggregator behind the mock feed of an asset. */
export function aggregatorId(symbol: string): string {
  return `Aggregator_${symbol}`;
}

/** Id of the step that created the mock feed of an asset. */
export function feedId(symbol: string): string {
  return `Feed_${symbol}`;
}

/** Id of the step that created the pool of a cash asset. */
export function poolId(symbol: string): string {
  return `Pool_${symbol}`;
}

/** Id of the step that created the insurance fund of the pool of a cash asset. */
export function fundId(symbol: string): string {
  return `Fund_${symbol}`;
}

/** Collects steps; the phase goes on when it is told to. */
class Plan {
  readonly steps: Step[] = [];
  #phase = 0;

  nextPhase(): void {
    this.#phase += 1;
  }

  create(id: string, contract: CreatedContract, args: readonly Argument[]): void {
    this.steps.push({ type: "create", id, phase: this.#phase, contract, args });
  }

  callVault(id: string, method: string, args: readonly Argument[]): void {
    this.#call(id, "CollateralVault", "ICollateralVault", method, args);
  }

  callManager(id: string, method: string, args: readonly Argument[]): void {
    this.#call(id, "AccessManager", "AccessManager", method, args);
  }

  callCreated(
    id: string,
    target: string,
    contract: CreatedContract,
    method: string,
    args: readonly Argument[],
  ): void {
    this.#call(id, target, contract, method, args);
  }

  #call(
    id: string,
    target: string,
    contract: SpokenContract,
    method: string,
    args: readonly Argument[],
  ): void {
    this.steps.push({ type: "call", id, phase: this.#phase, target, contract, method, args });
  }
}

// ---- contracts ----

function createMocks(plan: Plan, { assets }: Parameters, pricedAt: bigint): void {
  const priced = assets.filter(({ feed }) => feed.primary === "mock");
  for (const { symbol, name, decimals, token } of assets) {
    if (token === "mock")
      plan.create(tokenId(symbol), "MockToken", [name, symbol, BigInt(decimals)]);
  }
  for (const { symbol, feed } of priced) {
    plan.create(aggregatorId(symbol), "MockAggregator", [BigInt(feed.decimals)]);
  }
  plan.nextPhase();
  for (const { symbol, feed, firstPrice } of priced) {
    const answer = parseDecimal(firstPrice ?? "0", feed.decimals);
    plan.create(feedId(symbol), "MockFeedProxy", [{ addressOf: aggregatorId(symbol) }]);
    plan.callCreated(`${feedId(symbol)}_push`, aggregatorId(symbol), "MockAggregator", "push", [
      answer,
      pricedAt,
    ]);
  }
  plan.nextPhase();
}

/** The manager, and the rooms of the vault from the innermost to the door. */
function createCore(plan: Plan, { network, assets, pools }: Parameters): void {
  plan.create("AccessManager", "AccessManager", [DEPLOYER]);
  plan.nextPhase();
  const shared = [MANAGER, network.sequencerFeed ?? ZERO_ADDRESS, network.sequencerGraceFor];
  plan.create("VaultLens", "VaultLens", shared);
  plan.nextPhase();
  plan.create("VaultConfigurator", "VaultConfigurator", [...shared, { addressOf: "VaultLens" }]);
  plan.nextPhase();
  plan.create("VaultWriteOff", "VaultWriteOff", [...shared, { addressOf: "VaultConfigurator" }]);
  plan.nextPhase();
  plan.create("VaultUpkeep", "VaultUpkeep", [...shared, { addressOf: "VaultWriteOff" }]);
  plan.nextPhase();
  plan.create("VaultLiquidation", "VaultLiquidation", [...shared, { addressOf: "VaultUpkeep" }]);
  plan.nextPhase();
  plan.create("CollateralVault", "CollateralVault", [...shared, { addressOf: "VaultLiquidation" }]);
  plan.nextPhase();
  for (const { asset, name, symbol } of pools) {
    const vault: AddressOf = { addressOf: "CollateralVault" };
    plan.create(poolId(asset), "LendingPool", [
      tokenOf(assetOf(assets, asset)),
      vault,
      MANAGER,
      name,
      symbol,
    ]);
  }
  plan.nextPhase();
  for (const { asset, fund } of pools) {
    const pool: AddressOf = { addressOf: poolId(asset) };
    plan.create(fundId(asset), "InsuranceFund", [pool, MANAGER, fund.name, fund.symbol]);
  }
  plan.nextPhase();
}

// ---- configuration ----

/** One by one, so that ids are the order of the file; caps come last, when risk is set. */
function listAssets(plan: Plan, { assets }: Parameters): void {
  for (const asset of assets) {
    plan.callVault(`listAsset_${asset.symbol}`, "listAsset", [
      tokenOf(asset),
      feedConfigOf(asset),
      0n,
    ]);
    plan.nextPhase();
  }
}

function listPools(plan: Plan, { assets, pools }: Parameters): void {
  for (const pool of pools) {
    plan.callVault(`listPool_${pool.asset}`, "listPool", [
      { addressOf: poolId(pool.asset) },
      pool.factorPpm,
    ]);
    const { decimals } = assetOf(assets, pool.asset);
    const [target, fund] = [poolId(pool.asset), fundId(pool.asset)];
    plan.callCreated(`setTerms_${pool.asset}`, target, "LendingPool", "setTerms", [
      termsOf(pool, decimals),
    ]);
    plan.callCreated(`setFund_${pool.asset}`, target, "LendingPool", "setFund", [
      { addressOf: fund },
    ]);
    plan.callCreated(`setTerms_${fund}`, fund, "InsuranceFund", "setTerms", [
      stakeTermsOf(pool, decimals),
    ]);
    plan.nextPhase();
  }
}

function setRisk(plan: Plan, { risk, tiers, assets, pools, pairs }: Parameters): void {
  plan.callVault("setRiskParameters", "setRiskParameters", [{ ...risk }]);
  plan.callVault("setTierTerms", "setTierTerms", [{ ...tiers }]);
  plan.nextPhase();
  for (const pair of pairs) {
    for (const pool of pair.pools) {
      const number = BigInt(pools.findIndex(({ asset }) => asset === pool));
      const token = tokenOf(assetOf(assets, pair.asset));
      plan.callVault(`setPair_${pair.asset}_${pool}`, "setPair", [
        token,
        number,
        pairConfigOf(pair),
      ]);
    }
  }
  plan.nextPhase();
  for (const asset of assets) {
    const cap = parseDecimal(asset.cap, asset.decimals);
    if (cap > 0n)
      plan.callVault(`setSupplyCap_${asset.symbol}`, "setSupplyCap", [tokenOf(asset), cap]);
  }
  plan.nextPhase();
}

/** Assets first: a model needs both of its assets measured. Targets stay those of `setPair` until the first refresh. */
function startMeasures(plan: Plan, { assets, pools, pairs }: Parameters): void {
  for (const asset of assets.filter(({ measure }) => measure !== undefined)) {
    plan.callVault(`startMeasure_${asset.symbol}`, "startMeasure", [
      tokenOf(asset),
      asset.measure?.stressVariance ?? 0n,
    ]);
  }
  plan.nextPhase();
  for (const pair of pairs) {
    const { model } = pair;
    if (model === undefined) continue;
    for (const pool of pair.pools) {
      plan.callVault(`setPairModel_${pair.asset}_${pool}`, "setPairModel", [
        tokenOf(assetOf(assets, pair.asset)),
        BigInt(pools.findIndex(({ asset }) => asset === pool)),
        modelConfigOf(model),
      ]);
    }
  }
  plan.nextPhase();
}

// ---- roles ----

/** Rooms are closed for governance: what a setter would write there belongs to no vault. */
function setRoles(plan: Plan, params: Parameters): void {
  for (const room of [
    "VaultLens",
    "VaultConfigurator",
    "VaultWriteOff",
    "VaultUpkeep",
    "VaultLiquidation",
  ]) {
    plan.callManager(`close_${room}`, "setTargetClosed", [{ addressOf: room }, true]);
  }
  for (const role of ROLES) setFunctions(plan, role, params.pools);
  const guardian = roleOf("guardian").id;
  for (const { name, id, label, isCancelledByGuardian } of ROLES) {
    if (name === "admin") continue;
    const holder = holderOf(params.roles, name);
    const { delayFor } = params.roles[name];
    plan.callManager(`grant_${label}`, "grantRole", [id, holder, delayFor]);
    if (isCancelledByGuardian)
      plan.callManager(`setGuardian_${label}`, "setRoleGuardian", [id, guardian]);
  }
  plan.nextPhase();
}

function setFunctions(
  plan: Plan,
  { id, label, vaultFunctions, poolFunctions, fundFunctions }: Role,
  pools: Parameters["pools"],
): void {
  if (vaultFunctions.length > 0) {
    const selectors = selectorsOf("ICollateralVault", vaultFunctions);
    plan.callManager(`setFunctions_${label}_vault`, "setTargetFunctionRole", [
      { addressOf: "CollateralVault" },
      selectors,
      id,
    ]);
  }
  const byPool = [
    { functions: selectorsOf("LendingPool", poolFunctions), idOf: poolId },
    { functions: selectorsOf("InsuranceFund", fundFunctions), idOf: fundId },
  ];
  for (const { functions, idOf } of byPool.filter(({ functions }) => functions.length > 0)) {
    for (const { asset } of pools) {
      plan.callManager(`setFunctions_${label}_${idOf(asset)}`, "setTargetFunctionRole", [
        { addressOf: idOf(asset) },
        functions,
        id,
      ]);
    }
  }
}

/**
 * The admin takes over before the deployer leaves. Labels are set in between for a reason: if the admin were the deployer
 * itself, its new delay would make them fail, and the deployment stops before the last admin renounces.
 */
function handOver(plan: Plan, { roles }: Parameters): void {
  const holder = holderOf(roles, "admin");
  const { delayFor } = roles.admin;
  plan.callManager("grant_ADMIN", "grantRole", [roleOf("admin").id, holder, delayFor]);
  plan.nextPhase();
  for (const { name, id, label } of ROLES) {
    if (name !== "admin") plan.callManager(`label_${label}`, "labelRole", [id, label]);
  }
  plan.nextPhase();
  plan.callManager("renounce_ADMIN", "renounceRole", [roleOf("admin").id, DEPLOYER]);
}

// ---- from parameters to arguments ----

function assetOf(assets: Parameters["assets"], symbol: string): AssetParameters {
  const asset = assets.find((candidate) => candidate.symbol === symbol);
  if (asset === undefined)
    throw new RangeError(`asset "${symbol}" found nowhere in the parameters`);
  return asset;
}

function tokenOf({ symbol, token }: AssetParameters): Argument {
  return token === "mock" ? { addressOf: tokenId(symbol) } : token;
}

function holderOf(roles: Parameters["roles"], name: RoleName): Argument {
  const { holder } = roles[name];
  if (holder === "given") return { given: name };
  const [, index] = /^account (\d+)$/.exec(holder) ?? [];
  return index === undefined ? holder : { account: Number(index) };
}

/** `FeedConfig`; prices become answers in the feed's decimals. */
function feedConfigOf({ symbol, feed }: AssetParameters): Argument {
  return {
    feed: feed.primary === "mock" ? { addressOf: feedId(symbol) } : feed.primary,
    maxAgeFor: feed.maxAgeFor,
    lowestAnswer: parseDecimal(feed.lowestPrice, feed.decimals),
    highestAnswer: parseDecimal(feed.highestPrice, feed.decimals),
    secondFeed: feed.second?.address ?? ZERO_ADDRESS,
    secondMaxAgeFor: feed.second?.maxAgeFor ?? 0n,
    maxDeviationBps: feed.second?.maxDeviationBps ?? 0n,
    rate: rateConfigOf(feed.rate),
  };
}

/** `RateConfig`; the function becomes its selector. */
function rateConfigOf(rate: AssetParameters["feed"]["rate"]): Argument {
  if (rate === null) {
    return { provider: ZERO_ADDRESS, selector: NO_SELECTOR, decimals: 0n, growthPpm: 0n };
  }
  return {
    provider: rate.provider,
    selector: dataSlice(hashOf(rate.function), 0, 4),
    decimals: BigInt(rate.decimals),
    growthPpm: rate.growthPpm,
  };
}

/** `Terms`; amounts become base units. */
function termsOf({ terms }: PoolParameters, decimals: number): Argument {
  const { supplyCap, borrowCap, minimumDebt, ...rates } = terms;
  return {
    ...rates,
    supplyCapAssets: parseDecimal(supplyCap, decimals),
    borrowCapAssets: parseDecimal(borrowCap, decimals),
    minimumDebtAssets: parseDecimal(minimumDebt, decimals),
  };
}

/** `StakeTerms`; the cap becomes base units. */
function stakeTermsOf({ fund }: PoolParameters, decimals: number): Argument {
  return {
    supplyCapAssets: parseDecimal(fund.supplyCap, decimals),
    cooldownFor: fund.cooldownFor,
    windowFor: fund.windowFor,
  };
}

/** `PairConfig`; the depth becomes a value with 18 decimals. */
function pairConfigOf({
  asset: _asset,
  pools: _pools,
  model: _model,
  depth,
  ...config
}: PairParameters): Argument {
  return { ...config, depthValue: parseDecimal(depth, 18) };
}
