import { assert } from "chai";
import { id, toBeHex } from "ethers";
import {
  custodyReport,
  type CustodyPlace,
  readReserves,
  rewardsPlace,
  sleevePlace,
  vaultPlace,
} from "../../sdk/custody.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { MockYieldVault__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockYieldVault__factory.ts";
import { RewardsDistributor__factory } from "../../types/ethers-contracts/factories/contracts/RewardsDistributor__factory.ts";
import { VenueAllocator__factory } from "../../types/ethers-contracts/factories/contracts/VenueAllocator__factory.ts";
import { makeScene, type Scene } from "../support/actors.ts";

const WAD = 10n ** 18n;

/** Alice has 3 WETH and 0.5 WBTC in the vault, bob 1 WETH. */
async function pledged(): Promise<Scene & { readonly block: number }> {
  const scene = await makeScene({ assets: ["WETH", "WBTC"], pools: ["USDC"] });
  await scene.alice.deposits("WETH", "3");
  await scene.alice.deposits("WBTC", "0.5");
  await scene.bob.deposits("WETH", "1");
  return { ...scene, block: await scene.system.provider.getBlockNumber() };
}

describe("a report of custody", () => {
  it("says where each unit of an account is, and what stands behind it", async () => {
    const { system, alice, block } = await pledged();
    const report = await custodyReport(alice.account, [vaultPlace(system.vault)], block);
    assert.equal(report.owner, alice.address);
    assert.equal(report.block, block);
    assert(report.isCovered);
    assert.deepEqual(
      report.rows.map(({ place, holder, asset, assets, shareWad, isCovered }) => ({
        place,
        holder,
        asset,
        assets,
        shareWad,
        isCovered,
      })),
      [
        {
          place: "vault",
          holder: system.vaultAddress,
          asset: system.asset("WETH").address,
          assets: 3n * WAD,
          shareWad: (3n * WAD) / 4n,
          isCovered: true,
        },
        {
          place: "vault",
          holder: system.vaultAddress,
          asset: system.asset("WBTC").address,
          assets: 50_000_000n,
          shareWad: WAD,
          isCovered: true,
        },
      ],
    );
  });

  it("counts what was listed with, and gifts, as owed to nobody", async () => {
    const { system, alice, block } = await pledged();
    const weth = system.asset("WETH");
    const [reserve] = await readReserves(system.vault);
    assert.deepEqual(reserve, {
      asset: weth.address,
      owedAssets: 4n * WAD,
      heldAssets: 4n * WAD + 10n ** 12n,
      isDelisted: false,
    });
    await system.mint("WETH", system.vaultAddress, 7n);
    const [given] = await readReserves(system.vault);
    assert.equal(given?.heldAssets, 4n * WAD + 10n ** 12n + 7n);
    const [row] = (await custodyReport(alice.account, [vaultPlace(system.vault)], block)).rows;
    assert.deepEqual(row?.reserve, reserve, "at the block that was asked for");
  });

  it("has no rows for an account that was never used", async () => {
    const { system, keeper, block } = await pledged();
    const report = await custodyReport(keeper.account, [vaultPlace(system.vault)], block);
    assert.deepEqual(report.rows, []);
    assert(report.isCovered);
  });

  it("takes further places, and says when one of them holds too little", async () => {
    const { system, alice, block } = await pledged();
    const asset = system.asset("WETH").address;
    const sleeve: CustodyPlace = {
      name: "sleeve",
      read: () =>
        Promise.resolve([
          {
            holder: system.vaultAddress,
            assets: 5n,
            reserve: { asset, owedAssets: 20n, heldAssets: 19n, isDelisted: true },
          },
        ]),
    };
    const empty: CustodyPlace = { name: "empty", read: () => Promise.resolve([]) };
    const places = [vaultPlace(system.vault), empty, sleeve];
    const { rows, isCovered } = await custodyReport(alice.account, places, block);
    assert.deepEqual(
      rows.map(({ place }) => place),
      ["vault", "vault", "sleeve"],
    );
    assert.isFalse(isCovered);
    assert.equal(rows[2]?.shareWad, WAD / 4n);
    assert.isFalse(rows[2]?.isCovered);
    assert.isTrue(rows[0]?.isCovered);
  });

  it("names what is idle in a sleeve, what each venue has of it, and rewards that wait", async () => {
    const scene = await pledged();
    const { system, alice, bob } = scene;
    const { sleeve, venue } = await withSleeve(scene);
    const holder = await sleeve.getAddress();
    for (const actor of [alice, bob]) {
      await (await actor.vault.setReuse(actor.account, holder, 5_000n)).wait();
    }
    await (await sleeve.allocate(venue, WAD)).wait();
    const distributor = await withRewards(scene);
    await system.mint("WBTC", system.vaultAddress, 1n); // a block, a second later
    const block = await system.provider.getBlockNumber();
    const places = [
      vaultPlace(system.vault),
      sleevePlace(system.vault, sleeve, system.asset("WETH").token),
      rewardsPlace(system.vault, distributor),
    ];
    const { rows, isCovered } = await custodyReport(alice.account, places, block);
    assert(isCovered);
    const weth = system.asset("WETH").address;
    // 1.5 of the 2 WETH in the sleeve, of which 1 is in the venue; the probe of its listing has a little of both
    const parts = rows.filter(({ place }) => place === "sleeve");
    assert.deepEqual(
      parts.map((row) => [row.holder, row.asset]),
      [
        [holder, weth],
        [venue, weth],
      ],
    );
    const [idle, inVenue] = parts;
    const [most, mostInAll] = [10n ** 12n, 2n];
    assert.isTrue(isNear(idle?.assets, (3n * WAD) / 4n, most), "idle");
    assert.isTrue(isNear(inVenue?.assets, (3n * WAD) / 4n, most), "in the venue");
    const all = (idle?.assets ?? 0n) + (inVenue?.assets ?? 0n);
    assert.isTrue(isNear(all, (3n * WAD) / 2n, mostInAll), "in all");
    assert.equal(inVenue?.reserve.owedAssets, WAD);
    const reward = rows.find(({ place }) => place === "rewards");
    assert.equal(reward?.asset, system.asset("WBTC").address);
    assert.isAbove(Number(reward?.assets), 0);
    const { rows: others } = await custodyReport(scene.keeper.account, places, block);
    assert.isEmpty(others);
  });
});

function isNear(found: bigint | undefined, expected: bigint, most: bigint): boolean {
  const distance = (found ?? 0n) - expected;
  return distance <= most && -distance <= most;
}

/** A sleeve for WETH with one venue, listed as collateral. */
async function withSleeve({ system }: Scene) {
  const { deployer, governor } = system.roles;
  const weth = system.asset("WETH");
  const manager = await new AccessManager__factory(deployer).deploy(await deployer.getAddress());
  const venue = await new MockYieldVault__factory(deployer).deploy(weth.address, 0n);
  const sleeve = await new VenueAllocator__factory(deployer).deploy(
    weth.address,
    system.vaultAddress,
    await manager.getAddress(),
    "sleeve of WETH",
    "sWETH",
  );
  const [address, venueAddress] = [await sleeve.getAddress(), await venue.getAddress()];
  const terms = { capAssets: 1_000n * WAD, capBps: 10_000n, growthPpm: 500n };
  await (await sleeve.setVenue(venueAddress, terms)).wait();
  await system.mint("WETH", deployer, 10n ** 12n);
  await (await weth.token.connect(deployer).approve(address, 10n ** 12n)).wait();
  await (await sleeve.seed(10n ** 12n, system.vaultAddress)).wait();
  const vault = system.vault.connect(governor);
  const config = {
    feed: await weth.feed.getAddress(),
    maxAgeFor: 86_400n,
    lowestAnswer: 1n,
    highestAnswer: 10n ** 12n,
    secondFeed: toBeHex(0n, 20),
    secondMaxAgeFor: 0n,
    maxDeviationBps: 0n,
    rate: {
      provider: address,
      selector: id("convertToAssets(uint256)").slice(0, 10),
      decimals: 18n,
      growthPpm: 1_000n,
    },
  };
  await (await vault.listAsset(address, config, 1_000n * WAD)).wait();
  const uncapped = { isCapped: false, maxDebtShareBps: 0n, toleranceBps: 0n };
  await (await vault.setSleeve(weth.address, address, uncapped)).wait();
  return { sleeve, venue: venueAddress };
}

/** WBTC as a reward of who holds WETH, running. */
async function withRewards({ system }: Scene) {
  const { deployer, governor } = system.roles;
  const [weth, wbtc] = [system.asset("WETH"), system.asset("WBTC")];
  const manager = await new AccessManager__factory(deployer).deploy(await deployer.getAddress());
  const distributor = await new RewardsDistributor__factory(deployer).deploy(
    system.vaultAddress,
    await manager.getAddress(),
  );
  const address = await distributor.getAddress();
  await (await system.vault.connect(governor).setRewards(weth.address, address)).wait();
  await (await distributor.addStream(weth.address, wbtc.address)).wait();
  await system.mint("WBTC", deployer, 1_000_000_000n);
  await (await wbtc.token.connect(deployer).approve(address, 1_000_000_000n)).wait();
  await (await distributor.fund(weth.address, wbtc.address, 1_000_000_000n)).wait();
  return distributor;
}
