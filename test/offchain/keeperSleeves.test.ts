// What a keeper finds to do for sleeves.
import { expect } from "chai";
import { findSleeveTasks, findTrim, sleeveKeyOf } from "../../keeper/sleeveTasks.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { WAD } from "../../sdk/mathLib.ts";
import type { AccountView } from "../../sdk/reader.ts";
import type { AllocatorView, SleeveView, VenueView } from "../../sdk/sleeves.ts";

const NOW_AT = 1_000_000_000n;
const DAY_FOR = 86_400n;
const SLEEVE = `0x${"11".repeat(20)}`;
const OTHER = `0x${"22".repeat(20)}`;
const VENUE = `0x${"33".repeat(20)}`;
const SECOND = `0x${"44".repeat(20)}`;
const ACCOUNT = toAccountId(`0x${"55".repeat(20)}`, 0n);

function venue(change: Partial<VenueView> = {}): VenueView {
  return {
    venue: VENUE,
    capAssets: 10n ** 24n,
    shares: 900n * WAD,
    recordedAssets: 900n * WAD,
    recordedAt: NOW_AT - DAY_FOR,
    worthAssets: 900n * WAD,
    saidAssets: 900n * WAD,
    ...change,
  };
}

const allocator = (change: Partial<AllocatorView> = {}): AllocatorView => ({
  idleAssets: 100n * WAD,
  bufferBps: 1_000n,
  venues: [venue()],
  ...change,
});

const tasksOf = (view: AllocatorView | undefined, waiting = 0n) =>
  findSleeveTasks({ sleeve: SLEEVE, waiting, allocator: view }, NOW_AT);
const kindsOf = (view: AllocatorView | undefined, waiting = 0n) =>
  tasksOf(view, waiting).map(({ type }) => type);

describe("work for sleeves", () => {
  it("is none where nobody waits, the buffer is there and nothing grew", () => {
    expect(tasksOf(allocator())).to.deep.equal([]);
    expect(tasksOf(undefined)).to.deep.equal([]);
  });

  it("serves those who wait, at most 32 at once", () => {
    const serve = { type: "serveRecalls", sleeve: SLEEVE, valueAtRisk: 0n };
    expect(tasksOf(undefined, 3n)).to.deep.equal([{ ...serve, most: 3n }]);
    expect(tasksOf(allocator(), 1_000n)).to.deep.equal([{ ...serve, most: 32n }]);
  });

  it("fills a buffer that lacks a twentieth, from every venue with something", () => {
    const venues = [
      venue(),
      venue({ venue: OTHER, shares: 0n, saidAssets: 0n, recordedAssets: 0n, worthAssets: 0n }),
      venue({ venue: SECOND, worthAssets: 0n, saidAssets: 0n }),
    ];
    expect(tasksOf(allocator({ idleAssets: 96n * WAD, venues }))).to.deep.equal([]);
    expect(tasksOf(allocator({ idleAssets: 94n * WAD, venues }))).to.deep.equal([
      { type: "refill", sleeve: SLEEVE, venue: VENUE, valueAtRisk: 0n },
    ]);
  });

  it("empties a venue that was cut, down to a crumb", () => {
    const cut = (assets: bigint) =>
      venue({ capAssets: 0n, saidAssets: assets, worthAssets: assets, recordedAssets: assets });
    expect(kindsOf(allocator({ venues: [cut(WAD)] }))).to.deep.equal(["refill"]);
    expect(kindsOf(allocator({ venues: [venue(), cut(WAD / 100n)] }))).to.deep.equal([]);
  });

  it("records growth a day before its limit stands still, not while a venue is in a dip", () => {
    const grown = { saidAssets: 901n * WAD, recordedAt: NOW_AT - 6n * DAY_FOR };
    expect(kindsOf(allocator({ venues: [venue(grown)] }))).to.deep.equal(["touchSleeve"]);
    const early = { ...grown, recordedAt: NOW_AT - 6n * DAY_FOR + 1n };
    expect(kindsOf(allocator({ venues: [venue(early)] }))).to.deep.equal([]);
    const asBefore = { ...grown, saidAssets: 900n * WAD };
    expect(kindsOf(allocator({ venues: [venue(asBefore)] }))).to.deep.equal([]);
    const dip = venue({ venue: SECOND, saidAssets: 899n * WAD });
    expect(
      kindsOf(allocator({ idleAssets: 300n * WAD, venues: [venue(grown), dip] })),
    ).to.deep.equal([]);
    const rounded = venue({ venue: SECOND, saidAssets: 900n * WAD - 1n });
    expect(
      kindsOf(allocator({ idleAssets: 300n * WAD, venues: [venue(grown), rounded] })),
    ).to.deep.equal(["touchSleeve"]);
    const left = { ...dip, shares: 0n };
    expect(
      kindsOf(allocator({ idleAssets: 300n * WAD, venues: [venue(grown), left] })),
    ).to.deep.equal(["touchSleeve"]);
  });

  it("keeps what is left alone apart by what it is about", () => {
    const keys = [
      sleeveKeyOf({ type: "serveRecalls", sleeve: SLEEVE, most: 1n, valueAtRisk: 0n }),
      sleeveKeyOf({ type: "touchSleeve", sleeve: SLEEVE, valueAtRisk: 0n }),
      sleeveKeyOf({ type: "redeemShares", sleeve: SLEEVE, shares: 1n, valueAtRisk: 0n }),
      sleeveKeyOf({ type: "refill", sleeve: SLEEVE, venue: VENUE, valueAtRisk: 0n }),
      sleeveKeyOf({ type: "refill", sleeve: SLEEVE, venue: SECOND, valueAtRisk: 0n }),
      sleeveKeyOf({ type: "trimReuse", sleeve: SLEEVE, account: ACCOUNT, valueAtRisk: 0n }),
    ];
    expect(new Set(keys).size).to.equal(keys.length);
    expect(
      sleeveKeyOf({ type: "serveRecalls", sleeve: SLEEVE, most: 9n, valueAtRisk: 0n }),
    ).to.equal(keys[0]);
  });
});

describe("trims", () => {
  const terms = (sleeve: string, change: Partial<SleeveView> = {}): SleeveView => ({
    sleeve,
    asset: VENUE,
    isCapped: true,
    maxDebtShareBps: 14_000n,
    toleranceBps: 500n,
    ...change,
  });

  /** Holdings in USD, at a price of one. */
  function view(debtUsd: bigint, heldUsd: Readonly<Record<string, bigint>>): AccountView {
    const collaterals = Object.entries(heldUsd).map(([asset, usd]) => ({
      asset,
      assets: usd * WAD,
      price: WAD,
    }));
    const row = { account: ACCOUNT, debtValue: debtUsd * WAD };
    // only what a trim looks at
    return { row, snapshot: { collaterals, debts: [] } } as unknown as AccountView;
  }

  const find = (found: AccountView, sleeves: readonly SleeveView[]) =>
    findTrim(found, sleeves, 100n * WAD);

  it("are due above cap and tolerance, of the sleeve with most", () => {
    const sleeves = [terms(SLEEVE), terms(OTHER)];
    expect(find(view(10_000n, { [SLEEVE]: 14_700n }), sleeves)).to.equal(undefined);
    const both = view(10_000n, { [SLEEVE]: 6_000n, [OTHER]: 8_701n });
    expect(find(both, sleeves)).to.deep.equal({
      type: "trimReuse",
      account: ACCOUNT,
      sleeve: OTHER,
      valueAtRisk: 10_000n * WAD,
    });
  });

  it("count capped sleeves alone, and no dust", () => {
    const open = terms(OTHER, { isCapped: false });
    expect(find(view(10_000n, { [OTHER]: 90_000n }), [open])).to.equal(undefined);
    const sleeves = [terms(SLEEVE), open];
    const plain = view(10_000n, { [SLEEVE]: 14_000n, [OTHER]: 90_000n, [VENUE]: 90_000n });
    expect(find(plain, sleeves)).to.equal(undefined);
    expect(find(view(0n, { [SLEEVE]: 100n }), sleeves)).to.equal(undefined);
    expect(find(view(0n, { [SLEEVE]: 101n }), sleeves)?.sleeve).to.equal(SLEEVE);
    expect(find(view(0n, {}), sleeves)).to.equal(undefined);
  });
});
