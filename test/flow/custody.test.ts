import { assert } from "chai";
import { custodyReport, type CustodyPlace, readReserves, vaultPlace } from "../../sdk/custody.ts";
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
});
