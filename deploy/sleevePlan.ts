// The transactions that make sleeves: allocators with their venues, first shares, and what the vault is told of them.
import { probeAssets } from "../sdk/probe.ts";
import {
  assetOf,
  modelConfigOf,
  pairConfigOf,
  poolNumberOf,
  shareFeedConfigOf,
  sleeveRulesOf,
  tokenOf,
  venueTermsOf,
} from "./arguments.ts";
import { parseDecimal } from "./quantity.ts";
import type { AllocatorParameters, Parameters, SleeveParameters } from "./schema.ts";
import { shareDecimalsOf, stepOf } from "./sleeves.ts";
import type { StepList } from "./stepList.ts";
import { type Argument, DEPLOYER, MANAGER, tokenId, VAULT, venueId } from "./steps.ts";

/** Allocators, and the venues that are mocks. */
export function createAllocators(plan: StepList, { assets, sleeves }: Parameters): void {
  for (const sleeve of sleeves) {
    if (sleeve.kind !== "allocator") continue;
    const token = tokenOf(assetOf(assets, sleeve.asset));
    const { name, symbol, venues } = sleeve;
    plan.create(stepOf(sleeve), "VenueAllocator", [token, VAULT, MANAGER, name, symbol]);
    for (const [index, { address }] of venues.entries()) {
      if (address === "mock") plan.create(venueId(symbol, index), "MockYieldVault", [token, 0n]);
    }
  }
}

/**
 * Venues and rules, the first shares, then the listing: one by one behind the assets of the file, in its order. They come
 * after the terms of pools, as a pool takes nothing before.
 */
export function listSleeves(plan: StepList, params: Parameters): void {
  for (const sleeve of params.sleeves) {
    if (sleeve.kind === "allocator") setVenues(plan, params, sleeve);
    fundSeed(plan, params, sleeve);
  }
  plan.nextPhase();
  for (const sleeve of params.sleeves) seed(plan, params, sleeve);
  plan.nextPhase();
  for (const sleeve of params.sleeves) {
    const [id, asset] = [stepOf(sleeve), assetOf(params.assets, sleeve.asset)];
    const feed = shareFeedConfigOf(asset, id, sleeve.growthPpm);
    plan.callVault(`listAsset_${id}`, "listAsset", [{ addressOf: id }, feed, 0n]);
    plan.nextPhase();
  }
  for (const sleeve of params.sleeves) {
    setPairs(plan, params, sleeve);
    nameSleeve(plan, params, sleeve);
  }
  plan.nextPhase();
  // last: before they are named, shares could be pledged like any asset
  for (const sleeve of params.sleeves) {
    const [id, cap] = [stepOf(sleeve), parseDecimal(sleeve.cap, shareDecimalsOf(params, sleeve))];
    if (cap > 0n) plan.callVault(`setSupplyCap_${id}`, "setSupplyCap", [{ addressOf: id }, cap]);
  }
  plan.nextPhase();
}

function setVenues(plan: StepList, params: Parameters, sleeve: AllocatorParameters): void {
  const { decimals } = assetOf(params.assets, sleeve.asset);
  const id = stepOf(sleeve);
  // the order of the file is that in which redemptions ask them
  for (const [index, venue] of sleeve.venues.entries()) {
    const created = venueId(sleeve.symbol, index);
    const address: Argument = venue.address === "mock" ? { addressOf: created } : venue.address;
    const args = [address, venueTermsOf(venue, decimals)];
    plan.callCreated(
      `setVenue_${sleeve.symbol}_${index + 1}`,
      id,
      "VenueAllocator",
      "setVenue",
      args,
    );
    plan.nextPhase();
  }
  const rules = sleeveRulesOf(sleeve, params.roles);
  plan.callCreated(`setRules_${id}`, id, "VenueAllocator", "setRules", [rules]);
}

/** What the deployer puts in, so that the vault has shares to try transfers with: it mints it, or has it. */
function fundSeed(plan: StepList, params: Parameters, sleeve: SleeveParameters): void {
  const { symbol, token } = assetOf(params.assets, sleeve.asset);
  const id = stepOf(sleeve);
  const seedAssets = seedOf(params, sleeve);
  const allowance: readonly Argument[] = [{ addressOf: id }, seedAssets];
  if (token !== "mock") {
    plan.callThere(`approveSeed_${id}`, token, "IERC20Metadata", "approve", allowance);
    return;
  }
  const there = tokenId(symbol);
  plan.callCreated(`mintSeed_${id}`, there, "MockToken", "mint", [DEPLOYER, seedAssets]);
  plan.callCreated(`approveSeed_${id}`, there, "MockToken", "approve", allowance);
}

function seed(plan: StepList, params: Parameters, sleeve: SleeveParameters): void {
  const id = stepOf(sleeve);
  const args = [seedOf(params, sleeve), VAULT];
  if (sleeve.kind === "allocator")
    plan.callCreated(`seed_${id}`, id, "VenueAllocator", "seed", args);
  else plan.callCreated(`seed_${id}`, id, "LendingPool", "deposit", args);
}

/** The assets of a probe of shares, rounded up. */
function seedOf(params: Parameters, sleeve: SleeveParameters): bigint {
  const { decimals } = assetOf(params.assets, sleeve.asset);
  const shareDecimals = shareDecimalsOf(params, sleeve);
  const sharesPerAsset = 10n ** BigInt(shareDecimals - decimals);
  return (probeAssets(shareDecimals) + sharesPerAsset - 1n) / sharesPerAsset;
}

function setPairs(plan: StepList, { pools }: Parameters, sleeve: SleeveParameters): void {
  const id = stepOf(sleeve);
  for (const pair of sleeve.pairs) {
    for (const pool of pair.pools) {
      const args = [{ addressOf: id }, poolNumberOf(pools, pool), pairConfigOf(pair)];
      plan.callVault(`setPair_${id}_${pool}`, "setPair", args);
    }
  }
}

/** From here on its shares are pledged by consent alone, up to a cap that is still 0. */
function nameSleeve(plan: StepList, params: Parameters, sleeve: SleeveParameters): void {
  const id = stepOf(sleeve);
  const token = tokenOf(assetOf(params.assets, sleeve.asset));
  plan.callVault(`setSleeve_${id}`, "setSleeve", [token, { addressOf: id }, { ...sleeve.terms }]);
}

/** Measures of shares, beside those of the assets. */
export function startShareMeasures(plan: StepList, { sleeves }: Parameters): void {
  for (const sleeve of sleeves.filter(({ measure }) => measure !== undefined)) {
    const id = stepOf(sleeve);
    const stressVariance = sleeve.measure?.stressVariance ?? 0n;
    plan.callVault(`startMeasure_${id}`, "startMeasure", [{ addressOf: id }, stressVariance]);
  }
}

/** Models of the pairs of shares: after the measures of the assets, which they need. */
export function setShareModels(plan: StepList, { pools, sleeves }: Parameters): void {
  for (const sleeve of sleeves) {
    const id = stepOf(sleeve);
    for (const { pools: cash, model } of sleeve.pairs) {
      if (model === undefined) continue;
      for (const pool of cash) {
        const args = [{ addressOf: id }, poolNumberOf(pools, pool), modelConfigOf(model)];
        plan.callVault(`setPairModel_${id}_${pool}`, "setPairModel", args);
      }
    }
  }
}
