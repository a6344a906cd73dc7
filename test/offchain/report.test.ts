import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { timeTicks } from "../../sdk/charts/chart.ts";
import { MAX_MOMENTS, numberMoments } from "../../scripts/demo/chartSample.ts";
import { formatDuration, formatShare, formatUsd, formatUsdShort } from "../../sdk/charts/format.ts";
import { readPriceFile } from "../../sdk/priceFile.ts";
import { renderReport } from "../../scripts/demo/report.ts";
import { toJson } from "../../scripts/demo/result.ts";
import type { DemoResult, SampleEvent } from "../../scripts/demo/result.ts";
import { renderTable } from "../../scripts/demo/summary.ts";
import { fakeDemoResult } from "./fakeDemoResult.ts";

const PRICES = join(import.meta.dirname, "../../risk/prices");
const WAD = 10n ** 18n;

describe("report of the demo", () => {
  let result: DemoResult;
  let page: string;

  before(async () => {
    result = fakeDemoResult(
      await readPriceFile(join(PRICES, "2020-03-black-thursday-1h.csv"), readFile),
    );
    page = renderReport(result);
  });

  describe("renderReport", () => {
    it("loads nothing: no address, no script, no link, no image", () => {
      expect(page).to.not.match(/https?:|\/\/[a-z]|<script|<link|<img|@import|url\((?!['"]?#)/i);
      expect(page).to.include("default-src 'none'");
    });

    it("draws each chart for wide and for narrow screens", () => {
      expect(page.match(/<svg /g)).to.have.length(6);
      expect(page.match(/<div class="narrow"><svg/g)).to.have.length(3);
      expect(page.match(/<\/svg>/g)).to.have.length(6);
    });

    it("uses colours that change with the reader's preference, and declares each of them", () => {
      expect(page).to.include("@media (prefers-color-scheme: dark)");
      expect(page).to.not.include("#fedc");
      const used = new Set([...page.matchAll(/var\(--(\w+)\)/g)].map(([, name]) => name));
      for (const [svg] of page.matchAll(/<svg .*?<\/svg>/gs)) {
        expect(svg).to.not.match(/(fill|stroke)="#(?!000")|rgb\(/); // black only in clip paths
      }
      for (const name of used) if (name !== "mark") expect(page).to.include(`--${name}:#`);
    });

    it("names every axis with its unit", () => {
      for (const text of [
        "Price (% of the first)",
        "Time (UTC)",
        "Coverage (cover ÷ requirement)",
        ">USD<",
      ]) {
        expect(page).to.include(text);
      }
      expect(page).to.match(/Calls issued per 3 h \(\d+ in all\)/);
    });

    it("gives every reference inside a drawing a target in that drawing", () => {
      for (const [svg] of page.matchAll(/<svg .*?<\/svg>/gs)) {
        for (const [, id] of svg.matchAll(/url\(['"]?#([\w-]+)/g))
          expect(svg).to.include(`id="${id}"`);
      }
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).to.equal(ids.length);
    });

    it("gives the same page for the same result", () => {
      expect(renderReport(result)).to.equal(page);
    });

    it("shows names and reasons as text, never as markup", () => {
      const parameters = { ...result.parameters, priceFile: '<b onclick="x">&.csv' };
      const odd = renderReport({ ...result, parameters });
      expect(odd)
        .to.include("&lt;b onclick=&quot;x&quot;&gt;&amp;.csv")
        .and.not.include("<b onclick");
      expect(page).to.include("&lt;while a clock ran&gt;");
    });

    it("says which invariants hold and which are broken", () => {
      expect(page.match(/class="held"/g)).to.have.length(3);
      expect(page.match(/class="broken"/g)).to.have.length(1);
    });

    it("numbers the events of the sample account on the chart and in the list", () => {
      const moments = numberMoments(result.sample?.events ?? []);
      expect(moments).to.have.length(5);
      expect(page.match(/<li style="--mark:/g)).to.have.length(5);
    });

    it("says so when nobody was called and no debt went bad", () => {
      const quiet = renderReport({ ...result, sample: undefined, badDebt: [] });
      expect(quiet).to.include("No account was called.").and.include("None: every debt");
      expect(quiet.match(/<svg /g)).to.have.length(4);
    });

    it("renders a run of one step, and one without steps", () => {
      for (const length of [0, 1]) {
        const sample = { account: "0x1", assets: ["WETH"], points: [], events: [] };
        const short = renderReport({ ...result, series: result.series.slice(0, length), sample });
        expect(short)
          .to.include("</html>")
          .and.not.match(/NaN|undefined|Infinity/);
      }
    });

    it("never shows a value that is not a number", () => {
      expect(page).to.not.match(/NaN|undefined|Infinity|\[object/);
    });

    it("cuts long lists and says so", () => {
      const [loss] = result.badDebt;
      const badDebt = Array.from({ length: 60 }, () => loss ?? expect.fail("no loss"));
      expect(renderReport({ ...result, badDebt })).to.include("10 more are in the JSON file.");
      expect(renderTable({ ...result, badDebt })).to.include("and 50 more");
    });
  });

  describe("toJson", () => {
    it("has the counts and values at the top level, values as exact decimal strings", () => {
      const json = toJson(result);
      expect(json).to.include({
        priceFile: "2020-03-black-thursday-1h.csv",
        accounts: 400,
        callsIssued: result.counts.callsIssued,
        callsCured: result.counts.callsCured,
        callsExpired: result.counts.callsExpired,
        liquidations: result.counts.liquidations,
        repaidValue: "3412907.5",
        leastValue: "3398120",
        bonusValue: "98344",
        badDebtValue: "1873.000000000000000001",
        lendersResultValue: "18204",
        seconds: 74.213,
      });
      expect(json.invariants).to.deep.equal(result.invariants);
    });

    it("has the haircuts in ppm, and which they were", () => {
      expect(toJson(result).haircuts).to.deep.include({ mode: "measured", credit: "0.712" });
      expect(JSON.stringify(toJson(result).haircuts)).to.include(
        '"worst":{"initialPpm":512345,"maintenancePpm":287000}',
      );
    });

    it("survives JSON", () => {
      const json = toJson(result);
      expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
    });
  });

  describe("renderTable", () => {
    it("fits 100 columns, holds no colour codes and names every figure", () => {
      const table = renderTable(result);
      for (const line of table.split("\n")) expect(line.length).to.be.at.most(100);
      expect(table).to.not.include("\u001b");
      for (const text of [
        "$3,412,908",
        "$98,344",
        "$1,873",
        "BROKEN",
        "LINK fell 21.4 %",
        "−$4,250,288",
        "Haircuts, measured",
        "26.9 / 13.1 %",
        "51.2 / 28.7 %",
        "71.2 % of collateral",
        "512 transactions of the keeper, 98,765,432 gas",
      ]) {
        expect(table).to.include(text);
      }
    });

    it("says nothing of refreshes where haircuts are governed", () => {
      const table = renderTable({ ...result, haircuts: { ...result.haircuts, mode: "static" } });
      expect(table).to.include("Haircuts, static").and.not.include("Refreshes");
    });

    it("leaves the table of bad debt out when there is none", () => {
      expect(renderTable({ ...result, badDebt: [] })).to.not.include("Bad debt of");
    });
  });
});

describe("numberMoments", () => {
  const event = (type: SampleEvent["type"], at: number): SampleEvent => ({
    type,
    at,
    text: `${type}.`,
  });

  it("puts events of one time under one number, marked by the gravest", () => {
    const moments = numberMoments([
      event("liquidated", 20),
      event("callIssued", 10),
      event("callExpired", 20),
    ]);
    expect(moments.map(({ number, at, type }) => ({ number, at, type }))).to.deep.equal([
      { number: 1, at: 10, type: "callIssued" },
      { number: 2, at: 20, type: "liquidated" },
    ]);
  });

  it("keeps the first moments of a long history", () => {
    const many = Array.from({ length: 40 }, (_, index) => event("callIssued", index));
    expect(numberMoments(many)).to.have.length(MAX_MOMENTS);
  });
});

describe("timeTicks", () => {
  it("lies on whole days or hours, and never has more than asked", () => {
    expect(timeTicks(1_583_542_800, 1_584_748_800, 5)).to.deep.equal([
      1_583_884_800, 1_584_230_400, 1_584_576_000,
    ]);
    expect(timeTicks(100, 4_000, 4)).to.deep.equal([1_800, 3_600]);
    expect(timeTicks(100, 100, 4)).to.have.length.at.most(1);
  });

  it("are first days of years over many of them, the last one included", () => {
    const year = (number: number): number => Date.UTC(number, 0, 1) / 1000;
    const [from, to] = [Date.UTC(2017, 7, 17) / 1000, Date.UTC(2025, 6, 1) / 1000];
    expect(timeTicks(from, to, 11)).to.deep.equal(
      [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025].map(year),
    );
    expect(timeTicks(from, to, 4)).to.deep.equal([2019, 2021, 2023, 2025].map(year));
  });
});

describe("format", () => {
  it("writes whole dollars, and never hides a small amount as zero", () => {
    expect(formatUsd(1_234_567n * WAD + WAD / 2n)).to.equal("$1,234,568");
    expect(formatUsd(-7n * WAD)).to.equal("−$7");
    expect(formatUsd(0n)).to.equal("$0");
    expect(formatUsd(1n)).to.equal("< $1");
    expect(formatUsd(-1n)).to.equal("−< $1");
  });

  it("writes short amounts, shares and durations", () => {
    expect([0, 950, 1_500, 2_000_000, -3e9].map(formatUsdShort)).to.deep.equal([
      "$0",
      "$950",
      "$1.5k",
      "$2M",
      "−$3B",
    ]);
    expect(formatShare(1n, 3n)).to.equal("33.3 %");
    expect(formatShare(-1n, 2n)).to.equal("−50.0 %");
    expect(formatShare(1n, 0n)).to.equal("—");
    expect([60, 3_600, 86_400, 5_400, 61].map(formatDuration)).to.deep.equal([
      "1 min",
      "1 h",
      "1 d",
      "90 min",
      "61 s",
    ]);
  });
});
