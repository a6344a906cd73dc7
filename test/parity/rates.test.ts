// Exchange rates on a chain, through the deployment and the reader: what the sdk makes of the lens' row is the price.
import { expect } from "chai";
import { network } from "hardhat";
import type { LocalSystem } from "../../scripts/localSystem.ts";
import { deployLocalSystem } from "../../scripts/localSystem.ts";
import { makeRandom } from "../../scripts/demo/random.ts";
import type { Parameters } from "../../deploy/schema.ts";
import { min, mulDivDown, WAD } from "../../sdk/mathLib.ts";
import * as rateCap from "../../sdk/rateCap.ts";
import { type AssetView, type RateView, readMarket } from "../../sdk/market.ts";

const STAKED = "STETH";
const ANSWER_8D = 2_490n * 10n ** 8n;
/** 36 − 18 decimals of the token − 8 of the feed */
const SCALE = 10n ** 10n;
const FIRST_RATE = 1_050_000_000_000_000_000n;
const GROWTH_PPM = 400n;
const LOOKS = 40;
const SEED = 20_200_312;

describe("parity: exchange rates", () => {
  let system: LocalSystem;
  let setRate: (rateWad: bigint) => Promise<unknown>;
  let pass: (elapsedFor: bigint) => Promise<unknown>;

  before(async () => {
    const { ethers, networkHelpers } = await network.create();
    const provider = await ethers.deployContract("MockRateProvider", [FIRST_RATE]);
    const address = await provider.getAddress();
    system = await deployLocalSystem(await ethers.getSigners(), {
      adjust: (params) => withRate(params, address),
    });
    setRate = (rateWad) => provider.getFunction("setRate")(rateWad);
    pass = async (elapsedFor) => {
      await networkHelpers.time.increase(elapsedFor);
      await system.setPrice(STAKED, ANSWER_8D);
    };
  });

  it("is deployed as the parameters say, and read back", async () => {
    const { rate, asset } = await staked(system);
    expect(rate).to.deep.include({
      selector: "0x679aefce", // getRate()
      decimals: 18n,
      growthPpm: GROWTH_PPM,
      rateWad: FIRST_RATE,
      lineWad: FIRST_RATE,
      highestWad: FIRST_RATE,
      growthWadPerDay: rateCap.growthDown(FIRST_RATE, GROWTH_PPM),
    });
    expect(asset.price).to.equal(mulDivDown(ANSWER_8D, FIRST_RATE, WAD) * SCALE);
    const { assets } = await readMarket(system.vault);
    expect(assets.filter((row) => row.rate !== undefined)).to.have.length(1);
  });

  it("is capped, and its line moved, as the sdk says", async () => {
    const seen = { capped: 0, counted: 0, lowered: 0, left: 0 };
    for (let number = 0; number < LOOKS; number++) {
      const random = makeRandom(SEED, number);
      await pass(BigInt(Math.floor(random.uniform() * 20 * 86_400)));
      const around = BigInt(Math.floor((random.uniform() - 0.2) * 1e5)) * 10n ** 12n;
      await setRate(FIRST_RATE + around);
      const before = await staked(system);
      const allowed = allowedOf(before.rate, before.at);
      expect(before.rate.allowedWad).to.equal(allowed);
      const counted = min(before.rate.rateWad, allowed);
      seen[counted < before.rate.rateWad ? "capped" : "counted"] += 1;
      expect(before.asset.price).to.equal(mulDivDown(ANSWER_8D, counted, WAD) * SCALE);
      await expectLook(before, seen);
    }
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).to.be.greaterThan(0);
  });

  async function expectLook(
    { asset, rate }: Staked,
    seen: { lowered: number; left: number },
  ): Promise<void> {
    await (await system.vault.updateSlowAverages([asset.id])).wait();
    const after = await staked(system);
    const allowed = allowedOf(rate, after.at);
    const counted = min(rate.rateWad, allowed);
    const highest = counted > rate.highestWad ? counted : rate.highestWad;
    expect(after.rate.highestWad).to.equal(highest);
    const line = rateCap.lineAfter(allowed, highest, rate.growthWadPerDay);
    const isLowered = line < allowed;
    seen[isLowered ? "lowered" : "left"] += 1;
    expect(after.rate.lineWad).to.equal(isLowered ? line : rate.lineWad);
    expect(after.rate.movedAt).to.equal(isLowered ? after.at : rate.movedAt);
  }
});

interface Staked {
  readonly asset: AssetView;
  readonly rate: RateView;
  /** time of the block that was read [s] */
  readonly at: bigint;
}

async function staked(system: LocalSystem): Promise<Staked> {
  const block = await system.provider.getBlock("latest");
  const { assets } = await readMarket(system.vault, block?.number);
  const asset = assets.find(({ id }) => id === system.asset(STAKED).id);
  if (asset?.rate === undefined || block === null) throw new Error("no asset with a rate");
  return { asset, rate: asset.rate, at: BigInt(block.timestamp) };
}

function allowedOf({ lineWad, growthWadPerDay, movedAt }: RateView, at: bigint): bigint {
  return rateCap.allowedDown(lineWad, growthWadPerDay, at - movedAt);
}

function withRate(params: Parameters, provider: string): Parameters {
  const rate = { provider, function: "getRate()", decimals: 18, growthPpm: GROWTH_PPM };
  return {
    ...params,
    assets: params.assets.map((asset) =>
      asset.symbol === STAKED ? { ...asset, feed: { ...asset.feed, rate } } : asset,
    ),
  };
}
