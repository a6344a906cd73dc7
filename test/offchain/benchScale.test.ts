import { expect } from "chai";
import { dataLength, Interface, MaxUint256 } from "ethers";
import { MarkersBroken, replaceSection, SCALE_MARKERS } from "../../bench/document.ts";
import { float, pack } from "../../bench/scale/compact.ts";
import { renderScalePage } from "../../bench/scale/page.ts";
import { type Results, resultsToJson, toRollupRow } from "../../bench/scale/results.ts";
import {
  BASE_SCALARS,
  calldataGas,
  countBytes,
  estimatedSizeScaled,
  fastLzSize,
  feeOf,
  l1Fee,
  LEAST_CHARGED_SIZE,
  PRICES,
  signedTransaction,
} from "../../bench/scale/rollup.ts";
import { renderScaleSection } from "../../bench/scale/section.ts";
import { gasPerRound, gasPerRow, renderTables, rowsPerCall } from "../../bench/scale/tables.ts";
import { readLocal } from "../../scripts/localParameters.ts";
import { timeKeeper } from "../../scripts/scale/keeperTime.ts";
import { accountAt, judge, makeSnapshots, SEED } from "../../scripts/scale/population.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { runCommand } from "../support/command.ts";

/** A transaction of Arbitrum One whose FastLZ size the OP Stack's clients test: 202 bytes. */
const CALL = `0x${[
  "02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8",
  `e41ef24f3f${"0".repeat(62)}6e${"0".repeat(24)}af88d065e77c8cc2239327c5edb3a432268e5831`,
  `${"0".repeat(58)}03c1e5${"0".repeat(126)}a0${"0".repeat(62)}148c89ed219d02f1a5be012c689b4f5b731827bebe`,
  `${"0".repeat(24)}c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8`,
  "a07cdf65680e238392693019b4092f610222e71b7cec06449cb922b93b6a12744e",
].join("")}`;
const EMPTY = "0xdd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080";

const OWNER = `0x${"a1".repeat(20)}`;
const OTHER = `0x${"b2".repeat(20)}`;
const ASSETS = [`0x${"c3".repeat(20)}`, `0x${"d4".repeat(20)}`];
const KNOWN = { sender: OWNER, assets: ASSETS };
const ABI = new Interface([
  "function deposit(bytes32 account, address asset, uint256 assets)",
  "function borrow(bytes32 account, uint256 pool, uint256 assets, address receiver)",
  "function liquidate(bytes32 account, tuple(address asset, uint256 pool, uint256 maxRepaidAssets, uint256 minimumOut)[] legs, uint256 expectedLiquidations, uint256 deadline, address receiver, bytes data)",
]);

describe("scale", () => {
  describe("fees of the OP Stack", () => {
    it("compress as the chains do", () => {
      expect(fastLzSize(`0x${"01".repeat(1000)}`)).to.equal(21);
      expect(fastLzSize(`0x${"00".repeat(1000)}`)).to.equal(21);
      expect(fastLzSize(EMPTY)).to.equal(31);
      expect(dataLength(CALL)).to.equal(4 + 0x155); // its type, and a list of so many bytes
      expect(fastLzSize(CALL)).to.equal(202);
    });

    it("take a transaction for 0.8365 of its size less 42.6 bytes, and for 100 at least", () => {
      expect(estimatedSizeScaled(CALL)).to.equal(202n * 836_500n - 42_585_600n);
      expect(estimatedSizeScaled(EMPTY)).to.equal(100_000_000n);
      expect(LEAST_CHARGED_SIZE).to.equal(170);
    });

    it("add 16 times the base fee and the blob fee, each by its scalar", () => {
      const prices = {
        name: "",
        l2Gas: 2n * 10n ** 9n,
        l1BaseFee: 10n ** 9n,
        blobBaseFee: 3n * 10n ** 9n,
      };
      const scalars = { baseFee: 500_000n, blobBaseFee: 2_000_000n };
      // a byte: 16 · 0.5 · 1 gwei + 2 · 3 gwei
      expect(l1Fee(100_000_000n, prices, scalars)).to.equal(1_400n * 10n ** 9n);
      const fee = feeOf(50_000, 100, prices, scalars);
      expect(fee.data).to.equal(1_400);
      expect(fee.total).to.equal(101_400);
    });

    it("count bytes of calldata", () => {
      expect(countBytes("0x00ff0001")).to.deep.equal({ zero: 2, nonZero: 2 });
      expect(calldataGas("0x00ff0001")).to.equal(40);
    });

    it("sign the same call the same way", () => {
      const signed = signedTransaction(OTHER, "0x1234", 60_000);
      expect(signed).to.equal(signedTransaction(OTHER, "0x1234", 60_000));
      expect(dataLength(signed)).to.be.within(105, 120);
    });
  });

  describe("packed calldata", () => {
    it("is a byte for the operation, the tag, the asset, and five for an amount", () => {
      const args = [toAccountId(OWNER, 3n), ASSETS[1], 25n * 10n ** 17n];
      const data = ABI.encodeFunctionData("deposit", args);
      expect(pack(ABI, data, KNOWN)).to.equal("0x01" + "03" + "01" + "11" + "00000019");
    });

    it("leaves out who sends and writes out who does not", () => {
      const borrow = (receiver: string) =>
        ABI.encodeFunctionData("borrow", [toAccountId(OTHER, 1n), 2n, MaxUint256, receiver]);
      const account = `${"b2".repeat(20)}01`;
      expect(pack(ABI, borrow(OWNER), KNOWN)).to.equal(`0x01${account}02ff00000000`);
      expect(pack(ABI, borrow(OTHER), KNOWN)).to.equal(
        `0x01${account}02ff00000000${"b2".repeat(20)}`,
      );
    });

    it("counts legs", () => {
      const legs = [0n, 1n].map((pool) => [ASSETS[0], pool, 1n, 0n]);
      const args = [toAccountId(OWNER, 0n), legs, 7n, 2n ** 40n, OWNER, "0x"];
      const leg = (pool: string) => `00${pool}00000000010000000000`;
      expect(pack(ABI, ABI.encodeFunctionData("liquidate", args), KNOWN)).to.equal(
        `0x010002${leg("00")}${leg("01")}07010000000000` + "00",
      );
    });

    it("rounds amounts down to 32 bits times a power of ten", () => {
      expect(float(0n)).to.equal("0x0000000000");
      expect(float(1_000n)).to.equal("0x0300000001");
      expect(float(2n ** 32n)).to.equal(`0x01${(429_496_729).toString(16).padStart(8, "0")}`);
    });

    it("is refused for a call that the interface does not have", () => {
      expect(() => pack(ABI, "0x12345678", KNOWN)).to.throw(RangeError, "0x12345678");
    });
  });

  describe("accounts of the seed", () => {
    const { risk } = readLocal();
    const snapshots = [...makeSnapshots(2_000)];

    it("are the same every time, others for another seed", () => {
      expect([...makeSnapshots(3)]).to.deep.equal(snapshots.slice(0, 3));
      expect([...makeSnapshots(3, SEED + 1)]).not.to.deep.equal(snapshots.slice(0, 3));
    });

    it("hold three collaterals, owe two debts, and are uncovered once in seventy", () => {
      for (const { collaterals, debts } of snapshots) {
        expect(new Set(collaterals.map(({ id }) => id)).size).to.equal(3);
        expect(new Set(debts.map(({ id }) => id)).size).to.equal(2);
      }
      const rows = snapshots.map((snapshot, place) => judge(accountAt(place), snapshot, risk));
      const uncovered = rows.filter(({ status }) => status !== "healthy").length;
      expect(uncovered).to.be.within(14, 50);
    });

    it("are timed, few of them read again", () => {
      const time = timeKeeper(1_000, risk);
      expect(time.filterMs).to.be.above(0);
      expect(time.evaluateMs).to.be.above(time.tasksMs);
      expect(time.doubtful).to.be.within(time.tasks, 100);
    }).timeout(20_000);
  });

  describe("results", () => {
    const borrow = [toAccountId(OWNER, 1n), 2n, 10n ** 6n, OWNER];
    const data = ABI.encodeFunctionData("borrow", borrow);
    const row = toRollupRow({
      name: "b1 borrow, first",
      sent: { from: OWNER, to: OTHER, data, gas: 130_000 },
      abi: ABI,
      assets: ASSETS,
    });
    const results: Results = {
      machine: "2 cores, Node 24",
      health: {
        cells: [1, 2].flatMap((collaterals) =>
          [1, 2].map((debts) => ({
            collaterals,
            debts,
            gas: 30_000 + 40_000 * collaterals + 50_000 * debts,
          })),
        ),
        pages: [
          { accounts: 1, gas: 300_000 },
          { accounts: 10, gas: 1_200_000 },
          { accounts: 100, gas: 10_200_000 },
        ],
      },
      lenders: [1, 1_000].map((lenders) => ({
        lenders,
        writeOff: 250_000,
        withdraw: lenders === 1 ? 60_003 : 60_000,
        lossAssets: 10n ** 20n,
      })),
      rounds: [
        { rounds: 1, refresh: 50_000, refreshPair: 160_000 },
        { rounds: 24, refresh: 280_000, refreshPair: 390_000 },
      ],
      keeper: [
        {
          accounts: 1_000_000,
          filterMs: 1_500,
          evaluateMs: 6_000,
          tasksMs: 90,
          doubtful: 42_000,
          tasks: 9_000,
          sightingBytes: 700,
        },
      ],
      rollup: [row],
    };

    it("say what one more costs and how many accounts fit in a call", () => {
      expect(gasPerRow(results.health)).to.equal(100_000);
      expect(rowsPerCall(results.health)).to.equal(498); // the first costs 200,000 more
      expect(gasPerRound(results.rounds, "refresh")).to.equal(10_000);
      expect(gasPerRound(results.rounds, "refreshPair")).to.equal(10_000);
    });

    it("have bytes and fees of both forms", () => {
      expect(row.plain.calldata).to.deep.equal(countBytes(data));
      expect(row.packed.calldata).to.deep.equal({ zero: 3, nonZero: 5 }); // 01 01 02 06 00000001
      expect(row.packed.gas).to.equal(130_000 - calldataGas(data) + 3 * 4 + 5 * 16);
      expect(row.fees.map(({ prices }) => prices)).to.deep.equal(PRICES.map(({ name }) => name));
      const [, dear] = row.fees;
      const fee = feeOf(130_000, row.plain.estimatedSize, PRICES[1], BASE_SCALARS);
      expect(dear?.feeGwei).to.equal(fee.total);
      expect(dear?.saved).to.equal(1 - (dear?.packedGwei ?? 0) / fee.total);
      expect(row.savedByByte).to.be.above(dear?.saved ?? 1);
    });

    it("become tables, a section and a page that loads nothing", () => {
      const text = renderTables(results);
      for (const found of ["10,200,000", "b1 borrow, first", "1.50", "42,000"]) {
        expect(text).to.contain(found);
      }
      const section = renderScaleSection(results);
      expect(section).to.contain("a collateral adds 40,000 gas, a debt 50,000 gas");
      expect(section).to.contain("the same gas to the unit for any number of lenders");
      expect(section).to.contain("within 3 gas").and.contain("takes 1.5 s");
      expect(section).not.to.match(/undefined|NaN|Infinity/);
      const html = renderScalePage(results);
      expect(html.match(/<figure/g)).to.have.lengthOf(5);
      expect(html).not.to.match(/<script|https?:|undefined|NaN/);
    });

    it("become JSON", () => {
      const json = JSON.parse(JSON.stringify(resultsToJson(results))) as Record<string, unknown>;
      expect(json).to.have.property("lenders").that.deep.includes({
        lenders: 1_000,
        writeOff: 250_000,
        withdraw: 60_000,
        lossAssets: "100000000000000000000",
      });
      expect(json).to.have.property("prices").that.has.lengthOf(2);
    });
  });

  it("has markers of its own in the document", () => {
    const gas = "<!-- gas: end -->\n";
    const first = replaceSection(gas, "## Scale", SCALE_MARKERS);
    expect(first.startsWith(gas.trimEnd())).to.equal(true);
    expect(replaceSection(first, "new", SCALE_MARKERS)).to.equal(first.replace("## Scale", "new"));
    expect(() => replaceSection(SCALE_MARKERS.begin, "", SCALE_MARKERS)).to.throw(
      MarkersBroken,
      "bench:scale",
    );
  });

  it("refuses options it does not have and counts out of bounds", async () => {
    const run = (...args: readonly string[]) => runCommand("scripts/benchScale.ts", ...args);
    expect((await run("--jsn", "x")).err).to.contain("unknown option '--jsn'");
    const few = await run("--accounts", "10");
    expect(few.code).to.equal(1);
    expect(few.err).to.contain('Found "10", allowed: 1000 to 1000000.');
    expect((await run("--document", "none.md")).err).to.contain('Found no file "none.md".');
    expect((await run("--help")).out).to.contain("--accounts <number>");
  }).timeout(60_000);
});
