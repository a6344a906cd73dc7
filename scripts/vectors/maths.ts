// The two places where the same arithmetic lives, behind one face: the sdk, and the contracts on an in-process chain.
import type { BaseContract } from "ethers";
import { network } from "hardhat";
import * as healthMath from "../../sdk/healthMath.ts";
import * as liquidationMath from "../../sdk/liquidationMath.ts";
import * as measuredHaircut from "../../sdk/measuredHaircut.ts";
import * as sizeBrackets from "../../sdk/sizeBrackets.ts";
import type { Health, Snapshot } from "../../sdk/snapshot.ts";
import * as variance from "../../sdk/variance.ts";
import * as waterfall from "../../sdk/waterfall.ts";

/** What the vectors ask. Values and ratios in wad. */
export interface Maths {
  /** "sdk" or "contracts" */
  readonly name: string;
  creditDown(value: bigint, depthValue: bigint, haircutPpm: bigint): Promise<bigint>;
  bear(loss: bigint, layer: bigint): Promise<waterfall.Borne>;
  /** at protocol prices */
  sum(snapshot: Snapshot): Promise<Health>;
  coverageDown(health: Health): Promise<bigint>;
  nav(health: Health): Promise<bigint>;
  cushion(health: Health): Promise<bigint>;
  usedWad(health: Health): Promise<bigint>;
  leastRepaymentUp(leg: liquidationMath.Leg, weightWad: bigint, seizeWad: bigint): Promise<bigint>;
  size(leg: liquidationMath.Leg): Promise<liquidationMath.Sized>;
  logReturnWad(before: bigint, afterwards: bigint): Promise<bigint>;
  nextWad(
    varianceWad: bigint,
    returnWad: bigint,
    elapsedFor: bigint,
    timeConstantWad: bigint,
  ): Promise<bigint>;
  effectiveVarianceUp(
    varianceWad: bigint,
    floorWad: bigint,
    stressWad: bigint,
    stressShareWad: bigint,
  ): Promise<bigint>;
  volatilityHaircutUp(varianceWad: bigint, zWad: bigint, horizonFor: bigint): Promise<bigint>;
}

/** Place of PROTOCOL in the contract's enum. */
const PROTOCOL = 2;

export const sdkMaths: Maths = {
  name: "sdk",
  creditDown: async (...args) => sizeBrackets.creditDown(...args),
  bear: async (...args) => waterfall.bear(...args),
  sum: async (snapshot) => healthMath.sum(snapshot, "protocol"),
  coverageDown: async (health) => healthMath.coverageDown(health),
  nav: async (health) => healthMath.nav(health),
  cushion: async (health) => healthMath.cushion(health),
  usedWad: async (health) => healthMath.usedWad(health),
  leastRepaymentUp: async (leg, weightWad, seizeWad) =>
    liquidationMath.leastRepaymentUp(
      leg.cover,
      leg.requirement,
      leg.targetWad,
      leg.factorWad,
      weightWad,
      seizeWad,
    ),
  size: async (leg) => liquidationMath.size(leg),
  logReturnWad: async (...args) => variance.logReturnWad(...args),
  nextWad: async (...args) => variance.nextWad(...args),
  effectiveVarianceUp: async (...args) => measuredHaircut.effectiveVarianceUp(...args),
  volatilityHaircutUp: async (...args) => measuredHaircut.volatilityHaircutUp(...args),
};

/** The contracts of the last build, on a chain of their own. */
export async function deployMaths(): Promise<Maths> {
  const { ethers } = await network.create();
  const small = await ethers.deployContract("MathHarness");
  const health = await ethers.deployContract("HealthHarness");
  const liquidation = await ethers.deployContract("LiquidationHarness");
  const haircut = await ethers.deployContract("HaircutHarness");
  return {
    name: "contracts",
    creditDown: (...args) => ask(small, "creditDown", args),
    bear: (...args) => ask(small, "bear", args),
    sum: (snapshot) => ask(health, "sum", [snapshot, PROTOCOL]),
    coverageDown: (sums) => ask(health, "coverageDown", [fieldsOf(sums)]),
    nav: (sums) => ask(health, "nav", [fieldsOf(sums)]),
    cushion: (sums) => ask(health, "cushion", [fieldsOf(sums)]),
    usedWad: (sums) => ask(health, "usedWad", [fieldsOf(sums)]),
    leastRepaymentUp: (leg, weightWad, seizeWad) =>
      ask(liquidation, "leastRepaymentUp", [
        leg.cover,
        leg.requirement,
        leg.targetWad,
        leg.factorWad,
        weightWad,
        seizeWad,
      ]),
    size: (leg) => ask(liquidation, "size", [leg]),
    logReturnWad: (...args) => ask(haircut, "logReturnWad", args),
    nextWad: (...args) => ask(haircut, "nextWad", args),
    effectiveVarianceUp: (...args) => ask(haircut, "effectiveVarianceUp", args),
    volatilityHaircutUp: (...args) => ask(haircut, "volatilityHaircutUp", args),
  };
}

/** one call; the caller knows the type that the function gives back, a decoded struct has its fields by name */
async function ask<Answer>(contract: BaseContract, name: string, args: unknown[]): Promise<Answer> {
  return (await contract.getFunction(name).staticCall(...args)) as Answer;
}

/** plain fields: what was decoded carries more than the encoder likes */
function fieldsOf(health: Health): Health {
  return {
    collateralValue: health.collateralValue,
    debtValue: health.debtValue,
    coverInitial: health.coverInitial,
    coverMaintenance: health.coverMaintenance,
    requirement: health.requirement,
  };
}
