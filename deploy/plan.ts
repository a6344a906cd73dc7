// Every transaction of a deployment, in order.
import { ZeroAddress } from "ethers";
import { probeAssets } from "../sdk/probe.ts";
import {
  assetOf,
  feedConfigOf,
  holderOf,
  modelConfigOf,
  pairConfigOf,
  poolNumberOf,
  stakeTermsOf,
  termsOf,
  tokenOf,
} from "./arguments.ts";
import { INNER_ROOMS, ROOMS, selectorsOf } from "./contracts.ts";
import { parseDecimal } from "./quantity.ts";
import { ROLES, type Role, roleOf } from "./roles.ts";
import type { AssetParameters, Parameters } from "./schema.ts";
import { createAllocators, listSleeves, setShareModels, startShareMeasures } from "./sleevePlan.ts";
import { stepOf } from "./sleeves.ts";
import { StepList } from "./stepList.ts";
import {
  type AddressOf,
  aggregatorId,
  type Argument,
  DEPLOYER,
  feedId,
  fundId,
  MANAGER,
  poolId,
  probeId,
  type Step,
  tokenId,
  VAULT,
} from "./steps.ts";

/** No asset has rewards at first: the governor gives it the distributor when it has something to distribute. */
const DISTRIBUTOR = "RewardsDistributor";

/**
 * Every transaction that makes a deployment out of its parameters, in order: contracts, assets, pools, risk, roles, and at
 * last the hand-over, after which the deployer has no role. Both Ignition and the local system run this list.
 * @param params Checked parameters.
 * @param pricedAt Time of the first answer of mock feeds, not after the next block's [unix s]
 */
export function planDeployment(params: Parameters, pricedAt: bigint): readonly Step[] {
  const plan = new StepList();
  createMocks(plan, params, pricedAt);
  createCore(plan, params);
  listAssets(plan, params);
  listPools(plan, params);
  setRisk(plan, params);
  listSleeves(plan, params);
  startMeasures(plan, params);
  setRoles(plan, params);
  handOver(plan, params);
  return plan.steps;
}

// ---- contracts ----

function createMocks(plan: StepList, { assets }: Parameters, pricedAt: bigint): void {
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
function createCore(plan: StepList, params: Parameters): void {
  const { network, assets, pools } = params;
  plan.create("AccessManager", "AccessManager", [DEPLOYER]);
  plan.nextPhase();
  const shared = [MANAGER, network.sequencerFeed ?? ZeroAddress, network.sequencerGraceFor];
  for (const [place, room] of [...ROOMS.entries()].reverse()) {
    const next = ROOMS[place + 1];
    plan.create(room, room, next === undefined ? shared : [...shared, { addressOf: next }]);
    plan.nextPhase();
  }
  for (const { asset, name, symbol } of pools) {
    plan.create(poolId(asset), "LendingPool", [
      tokenOf(assetOf(assets, asset)),
      VAULT,
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
  plan.create(DISTRIBUTOR, "RewardsDistributor", [VAULT, MANAGER]);
  createAllocators(plan, params);
  plan.nextPhase();
}

// ---- configuration ----

/**
 * One by one, so that ids are the order of the file; caps come last, when risk is set. What a listing tries transfers with
 * is minted, or sent by the deployer; the governor may recover it later.
 */
function listAssets(plan: StepList, { assets }: Parameters): void {
  for (const asset of assets) sendProbe(plan, asset);
  plan.nextPhase();
  for (const asset of assets) {
    plan.callVault(`listAsset_${asset.symbol}`, "listAsset", [
      tokenOf(asset),
      feedConfigOf(asset),
      0n,
    ]);
    plan.nextPhase();
  }
}

function sendProbe(plan: StepList, { symbol, decimals, token }: AssetParameters): void {
  const args: readonly Argument[] = [VAULT, probeAssets(decimals)];
  if (token === "mock")
    plan.callCreated(probeId(symbol), tokenId(symbol), "MockToken", "mint", args);
  else plan.callThere(probeId(symbol), token, "IERC20Metadata", "transfer", args);
}

function listPools(plan: StepList, { assets, pools }: Parameters): void {
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

function setRisk(plan: StepList, { risk, tiers, assets, pools, pairs }: Parameters): void {
  plan.callVault("setRiskParameters", "setRiskParameters", [{ ...risk }]);
  plan.callVault("setTierTerms", "setTierTerms", [{ ...tiers }]);
  plan.nextPhase();
  for (const pair of pairs) {
    for (const pool of pair.pools) {
      const token = tokenOf(assetOf(assets, pair.asset));
      plan.callVault(`setPair_${pair.asset}_${pool}`, "setPair", [
        token,
        poolNumberOf(pools, pool),
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
function startMeasures(plan: StepList, params: Parameters): void {
  const { assets, pools, pairs } = params;
  for (const asset of assets.filter(({ measure }) => measure !== undefined)) {
    plan.callVault(`startMeasure_${asset.symbol}`, "startMeasure", [
      tokenOf(asset),
      asset.measure?.stressVariance ?? 0n,
    ]);
  }
  startShareMeasures(plan, params);
  plan.nextPhase();
  for (const pair of pairs) {
    const { model } = pair;
    if (model === undefined) continue;
    for (const pool of pair.pools) {
      plan.callVault(`setPairModel_${pair.asset}_${pool}`, "setPairModel", [
        tokenOf(assetOf(assets, pair.asset)),
        poolNumberOf(pools, pool),
        modelConfigOf(model),
      ]);
    }
  }
  setShareModels(plan, params);
  plan.nextPhase();
}

// ---- roles ----

/** Rooms are closed for governance: what a setter would write there belongs to no vault. */
function setRoles(plan: StepList, params: Parameters): void {
  for (const room of INNER_ROOMS) {
    plan.callManager(`close_${room}`, "setTargetClosed", [{ addressOf: room }, true]);
  }
  for (const role of ROLES) setFunctions(plan, role, params);
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

function setFunctions(plan: StepList, role: Role, { pools, sleeves }: Parameters): void {
  const cash = pools.map(({ asset }) => asset);
  const allocators = sleeves.filter(({ kind }) => kind === "allocator").map(stepOf);
  const { vaultFunctions, distributorFunctions } = role;
  const rows = [
    [["CollateralVault"], selectorsOf("ICollateralVault", vaultFunctions)],
    [[DISTRIBUTOR], selectorsOf("RewardsDistributor", distributorFunctions)],
    [cash.map(poolId), selectorsOf("LendingPool", role.poolFunctions)],
    [cash.map(fundId), selectorsOf("InsuranceFund", role.fundFunctions)],
    [allocators, selectorsOf("VenueAllocator", role.allocatorFunctions)],
  ] as const;
  for (const [targets, selectors] of rows.filter(([, found]) => found.length > 0)) {
    for (const target of targets) {
      const name = target === "CollateralVault" ? "vault" : target;
      plan.callManager(`setFunctions_${role.label}_${name}`, "setTargetFunctionRole", [
        { addressOf: target },
        selectors,
        role.id,
      ]);
    }
  }
}

/**
 * The admin takes over before the deployer leaves. Labels are set in between for a reason: if the admin were the deployer
 * itself, its new delay would make them fail, and the deployment stops before the last admin renounces.
 */
function handOver(plan: StepList, { roles }: Parameters): void {
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
