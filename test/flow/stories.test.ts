import { assert, expect } from "chai";
import { MaxUint256, solidityPacked } from "ethers";
import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { deployLocalVenue } from "../../scripts/localVenue.ts";
import { isCovered, isCoveredInitially } from "../../sdk/healthMath.ts";
import { makeScene, type Scene } from "../support/actors.ts";

const HOUR_FOR = 3_600;
const MINUTE_FOR = 60;
const WAD = 10n ** 18n;

/** Alice holds 10 WETH and 0.2 WBTC at 2,000 and 50,000 and owes 12,000 USDC and 9,000 DAI. */
async function aliceBorrows(): Promise<Scene> {
  const scene = await makeScene({
    assets: [
      { symbol: "WETH", price8: 2_000_00000000n },
      { symbol: "WBTC", price8: 50_000_00000000n },
      "LINK",
    ],
  });
  const { alice, lender } = scene;
  await lender.lends("USDC", "500000");
  await lender.lends("DAI", "500000");
  await alice.deposits("WETH", "10");
  await alice.deposits("WBTC", "0.2");
  await alice.borrows("USDC", "12000");
  await alice.borrows("DAI", "9000");
  return scene;
}

describe("a margin call", () => {
  it("is issued, cured by a deposit, and gone: nothing was taken", async () => {
    const { alice, keeper, prices, read, waits } = await aliceBorrows();
    await prices({ WETH: 1_600_00000000n, WBTC: 40_000_00000000n });
    await keeper.callsFor(alice.account);
    const called = await read(alice.account);
    assert.equal(called.callState, "called");
    assert.isAbove(Number(called.callAmountValue / WAD), 0);
    assert(called.callAmountValue % (10n * WAD) === 0n, "calls are round numbers");
    await waits(20 * MINUTE_FOR);
    await alice.deposits("WETH", "4");
    const cured = await read(alice.account);
    assert.equal(cured.callState, "healthy");
    assert(isCoveredInitially(cured.row));
    assert.equal(cured.snapshot.collaterals[0]?.assets, 14n * WAD);
  });

  it("is paused by a recovery, goes on with the time that was left, and ends in a liquidation to the target", async () => {
    const { alice, keeper, prices, read, waits, system } = await aliceBorrows();
    await prices({ WETH: 1_600_00000000n, WBTC: 40_000_00000000n });
    await keeper.callsFor(alice.account);
    const { row: issued } = await read(alice.account);
    await waits(10 * MINUTE_FOR);
    await prices({ WETH: 1_700_00000000n, WBTC: 42_000_00000000n });
    await keeper.clears(alice.account);
    const paused = await read(alice.account);
    assert.equal(paused.callState, "paused");
    await waits(5 * HOUR_FOR);
    await prices({ WETH: 1_600_00000000n, WBTC: 40_000_00000000n });
    await keeper.callsFor(alice.account);
    const resumed = await read(alice.account);
    const now = BigInt((await system.provider.getBlock("latest"))?.timestamp ?? 0);
    assert.equal(resumed.row.deadline - now, paused.callLeftFor, "the clock rested");
    assert(issued.deadline < resumed.row.deadline);
    await expect(keeper.liquidates(alice.account, "WETH", "USDC"))
      .to.be.revertedWithCustomError(system.vault, "CureTimeLeft")
      .withArgs(alice.account, resumed.row.deadline, anyValue, 2_000n);
    await waits(Number(paused.callLeftFor) + 1);
    await keeper.liquidates(alice.account, "WETH", "USDC");
    const after = await read(alice.account);
    assert(isCovered(after.row), "the account is covered again");
    const coverage = (after.row.coverMaintenance * 10_000n) / after.row.requirement;
    const target = 10_000n + after.episodeTargetBps;
    assert(
      coverage >= target - 1n && coverage <= target + 2n,
      `coverage ${coverage}, target ${target}`,
    );
    assert(after.snapshot.debts.length === 2, "no more debt was repaid than needed");
  });

  it("cannot be cured, paused or re-armed by dust", async () => {
    const { alice, bob, keeper, prices, read, waits, system } = await aliceBorrows();
    await prices({ WETH: 1_600_00000000n, WBTC: 40_000_00000000n });
    await keeper.callsFor(alice.account);
    const { row } = await read(alice.account);
    await bob.deposits("WETH", "0.000000000000000001", alice.account);
    await bob.repays("USDC", "0.000001", alice.account);
    const dusted = await read(alice.account);
    assert.equal(dusted.callState, "called");
    assert.equal(dusted.row.deadline, row.deadline);
    await expect(keeper.callsFor(alice.account)).to.be.revertedWithCustomError(
      system.vault,
      "CallRunning",
    );
    await waits(2 * HOUR_FOR + 1);
    await keeper.liquidates(alice.account, "WETH", "DAI");
  });

  it("holds the collateral: an owner cannot take it out under a call", async () => {
    const { alice, keeper, prices, system } = await aliceBorrows();
    await prices({ WETH: 1_600_00000000n, WBTC: 40_000_00000000n });
    await keeper.callsFor(alice.account);
    await expect(alice.withdraws("WBTC", "0.01")).to.be.revertedWithCustomError(
      system.vault,
      "CollateralHeldByCall",
    );
    await expect(alice.borrows("USDC", "100")).to.be.revertedWithCustomError(
      system.vault,
      "InsufficientMargin",
    );
  });
});

describe("a substitution", () => {
  it("cures a margin call in one transaction: weak collateral for strong, nothing sold, nothing repaid", async () => {
    const { bob, keeper, prices, read, waits, system } = await aliceBorrows();
    await bob.deposits("LINK", "5000"); // 75,000 at a haircut of 30 %
    await bob.borrows("USDC", "48000");
    await prices({ LINK: 12_00000000n });
    await keeper.callsFor(bob.account);
    const called = await read(bob.account);
    assert.equal(called.callState, "called");
    await expect(bob.withdraws("LINK", "1")).to.be.revertedWithCustomError(
      system.vault,
      "CollateralHeldByCall",
    );
    await expect(bob.substitutes({ LINK: "100" }, { LINK: "200" })).to.be.revertedWithCustomError(
      system.vault,
      "InsufficientMargin",
    );
    await waits(20 * MINUTE_FOR);
    const linkBefore = await bob.balanceOf("LINK");
    // 20 WETH of 2,000 and 0.5 WBTC of 50,000 come in for all LINK, of 60,000
    await bob.substitutes({ WETH: "20", WBTC: "0.5" }, { LINK: "all" });
    const cured = await read(bob.account);
    assert.equal(cured.callState, "healthy");
    assert(isCoveredInitially(cured.row));
    assert.deepEqual(
      cured.snapshot.debts.map(({ shares }) => shares),
      called.snapshot.debts.map(({ shares }) => shares),
      "nothing was repaid",
    );
    assert.equal((await bob.balanceOf("LINK")) - linkBefore, 5_000n * WAD, "the owner has it back");
    await waits(3 * HOUR_FOR);
    await expect(keeper.liquidates(bob.account, "WETH", "USDC")).to.be.revertedWithCustomError(
      system.vault,
      "NotLiquidatable",
    );
  });
});

describe("a substitution by swap", () => {
  it("cures a margin call with nothing but the collateral itself: sold, bought and pledged in one transaction", async () => {
    const scene = await makeScene({ assets: ["LINK", "USDT"], pools: ["USDC"] });
    const { bob, keeper, lender, prices, read, system } = scene;
    const { venue, swapper, swapperAddress, feePpm } = await deployLocalVenue(
      system,
      keeper.signer,
    );
    await lender.lends("USDC", "500000");
    await bob.deposits("LINK", "5000"); // 75,000 at a haircut of 30 %
    await bob.borrows("USDC", "48000");
    await prices({ LINK: 12_00000000n });
    await keeper.callsFor(bob.account);
    await bob.gives("LINK", keeper.address);
    await bob.gives("USDT", keeper.address);
    await bob.gives("USDC", keeper.address);
    const forADay = BigInt((await system.provider.getBlock("latest"))?.timestamp ?? 0) + 86_400n;
    await (await bob.vault.setOperator(bob.account, swapperAddress, 11n, forADay)).wait();
    // LINK for USDT, of which 5,000 · 12 less 0.05 % and the depth come: at least 59,900 are pledged
    const [link, usdt] = [system.asset("LINK"), system.asset("USDT")];
    const path = solidityPacked(
      ["address", "uint24", "address"],
      [link.address, feePpm, usdt.address],
    );
    const order = {
      account: bob.account,
      outgoing: [{ asset: link.address, assets: MaxUint256 }],
      incoming: [{ asset: usdt.address, assets: 59_900n * 10n ** BigInt(usdt.decimals) }],
      maxLossBps: 50n,
      deadline: forADay,
    };
    const swaps = [
      { path, shareBps: 10_000n, amountIn: WAD, minimumOut: 119n * 10n ** 5n }, // 11.90 a LINK
    ];
    await expect(swapper.connect(keeper.signer).swapCollateral(order, swaps))
      .to.be.revertedWithCustomError(swapper, "CallerNotAccountOwner")
      .withArgs(bob.account, keeper.address);
    await (await swapper.connect(bob.signer).swapCollateral(order, swaps)).wait();
    const cured = await read(bob.account);
    assert.equal(cured.callState, "healthy");
    assert(isCoveredInitially(cured.row));
    assert.deepEqual(
      cured.snapshot.collaterals.map(({ asset, assets }) => [asset, assets]),
      [[usdt.address, order.incoming[0]?.assets]],
    );
    assert(cured.row.debtValue >= 48_000n * WAD, "nothing was repaid");
    assert.equal(await bob.balanceOf("LINK"), 0n);
    const surplus = await bob.balanceOf("USDT");
    assert(
      surplus > 0n && surplus < 100n * 10n ** BigInt(usdt.decimals),
      "what the swap brought beyond",
    );
    for (const { token } of [link, usdt]) {
      assert.equal(await token.balanceOf(swapperAddress), 0n, "the swapper keeps nothing");
      assert.equal(await token.allowance(swapperAddress, await venue.getAddress()), 0n);
    }
  });
});

describe("a feed that stops in the crash", () => {
  it("shields nothing and gives nothing away: what has a price is liquidated and taken, the silent collateral keeps the rest of the debt", async () => {
    const { alice, bob, keeper, prices, read, silences, waits, system } = await aliceBorrows();
    await bob.deposits("WETH", "10");
    await bob.deposits("WBTC", "0.2");
    await bob.borrows("USDC", "20000");
    silences("WBTC"); // 0.2, last seen at 50,000: 10,000
    await waits(26 * HOUR_FOR); // beyond its max age
    await prices({ WETH: 1_330_00000000n });
    const fallen = await read(alice.account);
    assert.equal(fallen.snapshot.collaterals[1]?.isFresh, false);
    assert.equal(fallen.row.status, "liquidatable", "judged at its last good price");
    await expect(keeper.liquidates(alice.account, "WBTC", "USDC")).to.be.revertedWithCustomError(
      system.vault,
      "CollateralNotSeizable",
    );
    await keeper.liquidates(alice.account, "WETH", "USDC");
    assert(isCovered((await read(alice.account)).row));
    await prices({ WETH: 900_00000000n });
    const broken = await read(bob.account);
    assert.equal(broken.row.status, "insolvent");
    await keeper.writesOff(bob.account);
    const after = await read(bob.account);
    assert.equal(after.snapshot.collaterals.length, 1, "the priced collateral is gone");
    assert.equal(after.snapshot.collaterals[0]?.assets, broken.snapshot.collaterals[1]?.assets);
    const paid = (9_000n * WAD * 100n) / 101n; // 9,000 of WETH less the least bonus
    const kept = broken.row.debtValue - paid;
    const off = after.row.debtValue - kept;
    assert(off >= 0n && off < WAD, `a debt of ${after.row.debtValue} is kept: nothing is lost yet`);
    const { pool } = system.pool("USDC");
    const flagged = (await pool.flaggedLoss()).lossAssets;
    const expected = kept / 10n ** 12n - (10_000n * 10n ** 8n) / 101n;
    assert(
      flagged >= expected && flagged < expected + 10n ** 6n,
      "and the pool knows what will be",
    );
    // the feed answers again, half of what it was: what is left can be taken and booked
    await prices({ WBTC: 25_000_00000000n });
    await keeper.writesOff(bob.account);
    assert.equal((await read(bob.account)).snapshot.debts.length, 0);
  });
});

describe("an insolvent account", () => {
  it("is written off in one call: the keeper is paid, lenders bear the rest, nobody else notices", async () => {
    const { alice, bob, keeper, prices, read, system } = await aliceBorrows();
    await bob.deposits("LINK", "10000");
    await bob.borrows("DAI", "20000");
    const bobBefore = await read(bob.account);
    await prices({ WETH: 900_00000000n, WBTC: 25_000_00000000n });
    const { row } = await read(alice.account);
    assert.equal(row.status, "insolvent");
    const { pool } = system.pool("USDC");
    const before = await pool.totalAssets();
    await keeper.writesOff(alice.account);
    const after = await read(alice.account);
    assert.equal(after.snapshot.debts.length, 0);
    assert.equal(after.snapshot.collaterals.length, 0);
    const [loss] = await pool.queryFilter(pool.filters.LossAbsorbed());
    assert(loss, "the loss was booked in the same call");
    const interest = 10_000n; // a few blocks of interest on 12,000 USDC are below a cent
    const fallen = before - (await pool.totalAssets());
    assert(
      fallen <= loss.args.fromLendersAssets && fallen + interest >= loss.args.fromLendersAssets,
    );
    const bobAfter = await read(bob.account);
    assert.deepEqual(
      bobAfter.snapshot.debts.map(({ shares }) => shares),
      bobBefore.snapshot.debts.map(({ shares }) => shares),
    );
  });
});

describe("when feeds fall silent", () => {
  it("owners without debt leave and deposit, everybody may repay, nobody may borrow", async () => {
    const { alice, bob, waitsInSilence, system } = await aliceBorrows();
    await bob.deposits("WETH", "5");
    await waitsInSilence(30 * HOUR_FOR);
    await bob.withdraws("WETH", "all");
    await expect(alice.borrows("USDC", "100")).to.be.revertedWithCustomError(
      system.vault,
      "AnswerStale",
    );
    await expect(alice.deposits("WETH", "1")).to.be.revertedWithCustomError(
      system.vault,
      "AnswerStale",
    );
    await alice.repays("USDC", "all");
    await alice.repays("DAI", "all");
    await alice.deposits("WETH", "1");
    await alice.withdraws("WETH", "all");
    await alice.withdraws("WBTC", "all");
    assert.equal(await alice.balanceOf("WETH"), 10n ** 24n);
  });
});
