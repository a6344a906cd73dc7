import { assert } from "chai";
import fc from "fast-check";
import { doubtfulAmong, mayHaveTask, type Sighting } from "../../keeper/watch.ts";
import { isCovered, isCoveredInitially, sum } from "../../sdk/healthMath.ts";
import { type AccountId, parseAccountId } from "../../sdk/accountId.ts";
import type { HealthRow } from "../../sdk/reader.ts";
import type { CollateralLine, DebtLine, Snapshot } from "../../sdk/snapshot.ts";

const WAD = 10n ** 18n;
const PPM = 1_000_000n;
const DAY_FOR = 86_400n;
const ADDRESS = `0x${"11".repeat(20)}`;

interface Case {
  readonly snapshot: Snapshot;
  readonly moves: readonly bigint[]; // of each asset's price [ppm]
  readonly elapsedFor: bigint;
  readonly growthPpm: bigint; // of debts
  readonly risePpm: bigint; // of maintenance haircuts
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    holdings: fc.array(fc.bigInt(1n, 10n ** 24n), { minLength: 1, maxLength: 3 }),
    depth: fc.bigInt(10n ** 20n, 10n ** 26n),
    haircut: fc.bigInt(20_000n, 700_000n),
    debt: fc.bigInt(1n, 10n ** 24n),
    moves: fc.array(fc.bigInt(300_000n, 1_700_000n), { minLength: 4, maxLength: 4 }),
    elapsedFor: fc.bigInt(0n, DAY_FOR),
    share: fc.bigInt(0n, 100n),
  })
  .map(({ holdings, depth, haircut, debt, moves, elapsedFor, share }) => ({
    snapshot: {
      collaterals: holdings.map((assets, id) => collateral(BigInt(id), assets, depth, haircut)),
      debts: [debtLine(debt)],
    },
    moves,
    elapsedFor,
    // what the contracts allow in that time, in part: 5 points a day, 1,150 % a year
    risePpm: (50_000n * elapsedFor * share) / (DAY_FOR * 100n),
    growthPpm: PPM + (11_500_000n * elapsedFor * share) / (365n * DAY_FOR * 100n),
  }));

function collateral(
  id: bigint,
  assets: bigint,
  depthValue: bigint,
  haircut: bigint,
): CollateralLine {
  return {
    id,
    asset: ADDRESS,
    assets,
    totalAssets: assets,
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    haircutInitialPpm: haircut,
    haircutMaintenancePpm: haircut,
    depthValue,
  };
}

function debtLine(assets: bigint): DebtLine {
  return {
    id: 0n,
    pool: ADDRESS,
    assetId: 3n,
    shares: assets,
    index: 10n ** 12n,
    shareUnit: 1n,
    assets,
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    factorPpm: PPM,
  };
}

function sightingOf(snapshot: Snapshot): Sighting {
  const health = sum(snapshot, "protocol");
  const row: HealthRow = {
    ...health,
    account: parseAccountId(`0x${"22".repeat(32)}`),
    status: isCovered(health) ? "healthy" : "callable",
    usedWad: 0n,
    deadline: 0n,
    liquidations: 0n,
    version: 0n,
    heldAssets: snapshot.collaterals.reduce((bits, { id }) => bits | (1n << id), 0n),
    owedAssets: snapshot.debts.reduce((bits, { assetId }) => bits | (1n << assetId), 0n),
  };
  return { row, nowAt: 0n, prices: [WAD, WAD, WAD, WAD] };
}

/** The account after prices, debts and haircuts moved. */
function moved({ snapshot, moves, growthPpm, risePpm }: Case): Snapshot {
  const price = (id: bigint) => (WAD * (moves[Number(id)] ?? PPM)) / PPM;
  return {
    collaterals: snapshot.collaterals.map((line) => ({
      ...line,
      price: price(line.id),
      haircutInitialPpm: line.haircutInitialPpm + risePpm,
      haircutMaintenancePpm: line.haircutMaintenancePpm + risePpm,
    })),
    debts: snapshot.debts.map((line) => ({
      ...line,
      price: price(line.assetId),
      assets: (line.assets * growthPpm) / PPM,
    })),
  };
}

describe("accounts that the keeper does not read again", () => {
  it("are covered, whatever prices, debts and haircuts did within their limits", () => {
    let passedOver = 0;
    const property = fc.property(cases, (found) => {
      const sighting = sightingOf(found.snapshot);
      const prices = found.moves.map((move) => (WAD * move) / PPM);
      if (mayHaveTask(sighting, prices, found.elapsedFor)) return;
      passedOver += 1;
      assert(isCovered(sum(moved(found), "protocol")));
    });
    fc.assert(property, { numRuns: 3_000, seed: 20_200_312 });
    assert.isAbove(passedOver, 300, "the property was hardly tried");
  });

  it("are read again when they are called, after a day, and when an asset is new or has no price", () => {
    const healthy = sightingOf({
      collaterals: [collateral(0n, 10n ** 24n, 10n ** 27n, 200_000n)],
      debts: [debtLine(10n ** 20n)],
    });
    const same = healthy.prices;
    assert.isFalse(mayHaveTask(healthy, same, 60n));
    assert.isTrue(mayHaveTask(healthy, same, DAY_FOR + 1n));
    assert.isTrue(mayHaveTask(healthy, [...same, WAD], 60n));
    assert.isTrue(mayHaveTask(healthy, [0n, WAD, WAD, WAD], 60n));
    assert.isTrue(mayHaveTask(healthy, same, -1n));
    const called = { ...healthy, row: { ...healthy.row, status: "called" as const } };
    assert.isTrue(mayHaveTask(called, same, 60n));
  });

  it("are not read for what they neither hold nor owe", () => {
    const resting = pausedOf(
      sightingOf({
        collaterals: [
          { ...collateral(1n, 10n ** 24n, 10n ** 27n, 100_000n), haircutInitialPpm: 300_000n },
        ],
        debts: [debtLine(8n * 10n ** 23n)],
      }),
    );
    const [far, near] = [WAD / 2n, 2n * WAD];
    for (const sighting of [
      resting,
      { ...resting, row: { ...resting.row, status: "healthy" as const } },
    ]) {
      assert.isFalse(mayHaveTask(sighting, [far, WAD, near, WAD], 60n));
      assert.isFalse(mayHaveTask(sighting, [0n, WAD, near, WAD], 60n));
      assert.isTrue(mayHaveTask(sighting, [WAD, far, WAD, WAD], 60n), "its collateral fell");
      assert.isTrue(mayHaveTask(sighting, [WAD, WAD, WAD, near], 60n), "its debt rose");
      assert.isTrue(mayHaveTask(sighting, [WAD, 0n, WAD, WAD], 60n), "no price");
    }
  });

  it("are not at their initial line while their call rests, whatever moved within its limits", () => {
    let passedOver = 0;
    const property = fc.property(cases.map(betweenTheLines), (found) => {
      const sighting = pausedOf(sightingOf(found.snapshot));
      const prices = found.moves.map((move) => (WAD * move) / PPM);
      if (mayHaveTask(sighting, prices, found.elapsedFor)) return;
      passedOver += 1;
      const after = moved({ ...found, risePpm: -found.risePpm / 5n }); // down at a point a day
      assert(!isCoveredInitially(sum(after, "protocol")));
    });
    fc.assert(property, { numRuns: 3_000, seed: 20_200_312 });
    assert.isAbove(passedOver, 300, "the property was hardly tried");
  });

  it("are read again while a clock runs, and at once when they are at their initial line", () => {
    const resting = pausedOf(
      sightingOf({
        collaterals: [
          { ...collateral(0n, 10n ** 24n, 10n ** 27n, 100_000n), haircutInitialPpm: 300_000n },
        ],
        debts: [debtLine(8n * 10n ** 23n)],
      }),
    );
    const same = resting.prices;
    assert.isFalse(mayHaveTask(resting, same, 60n));
    assert.isTrue(mayHaveTask({ ...resting, row: { ...resting.row, deadline: 1n } }, same, 60n));
    assert.isTrue(mayHaveTask(resting, [2n * WAD, WAD, WAD, WAD], 60n));
    assert.isTrue(mayHaveTask(resting, [WAD / 2n, WAD, WAD, WAD], 60n));
  });

  it("are the same one by one and all at once, from several looks", () => {
    const sightings = new Map<AccountId, Sighting>();
    const looks = [0n, 1_800n, 3_600n].map((nowAt) => ({
      nowAt,
      prices: [0n, 1n, 2n, 3n].map((id) => WAD + (id * nowAt * WAD) / 360_000n),
    }));
    const samples = fc.sample(cases, { numRuns: 300, seed: 7 });
    for (const [place, { snapshot }] of samples.entries()) {
      const account = parseAccountId(`0x${place.toString(16).padStart(64, "0")}`);
      const look = looks[place % looks.length];
      assert(look);
      sightings.set(account, { row: { ...sightingOf(snapshot).row, account }, ...look });
    }
    const unseen = parseAccountId(`0x${"ff".repeat(32)}`);
    const [prices, nowAt] = [[WAD, WAD, WAD, (99n * WAD) / 100n], 7_200n];
    const expected = [...sightings].flatMap(([account, sighting]) =>
      mayHaveTask(sighting, prices, nowAt) ? [account] : [],
    );
    const found = doubtfulAmong([...sightings.keys(), unseen], sightings, prices, nowAt);
    assert.deepEqual(found, [...expected, unseen]);
    assert.isAbove(expected.length, 30);
    assert.isBelow(expected.length, 270);
    assert.isEmpty(doubtfulAmong([], sightings, prices, nowAt));
  });
});

/** The same collateral with a debt between the two lines, and small moves. */
function betweenTheLines(found: Case): Case {
  const collaterals = found.snapshot.collaterals.map((line) => ({
    ...line,
    haircutInitialPpm: line.haircutMaintenancePpm + 250_000n,
  }));
  const health = sum({ collaterals, debts: [] }, "protocol");
  const width = health.coverMaintenance - health.coverInitial;
  const debt = health.coverInitial + (width * (found.risePpm % 100n)) / 100n;
  return {
    ...found,
    snapshot: { collaterals, debts: [debtLine(debt + 1n)] },
    moves: found.moves.map((move) => PPM + (move - PPM) / 20n),
  };
}

/** Covered again, and its call rests. */
function pausedOf(sighting: Sighting): Sighting {
  return { ...sighting, row: { ...sighting.row, status: "paused" } };
}
