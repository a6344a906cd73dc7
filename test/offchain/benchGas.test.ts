import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { link } from "../../bench/artifact.ts";
import { GAS_MARKERS, MarkersBroken, renderSection, replaceSection } from "../../bench/document.ts";
import { FiguresInvalid, parseFigures } from "../../bench/figures.ts";
import { gridSection, linesOf, renderGridTables, stepOf } from "../../bench/gridReport.ts";
import { type Gas, OPERATION_IDS } from "../../bench/operations.ts";
import { renderPage } from "../../bench/page.ts";
import { OperationMissing, toJson, toRows } from "../../bench/rows.ts";
import { renderTable } from "../../bench/table.ts";

const { begin: BEGIN, end: END } = GAS_MARKERS;

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const FIGURES = readFileSync(at("../../bench/figures.json"), "utf8");
const figures = parseFigures(FIGURES);

/** The same gas for every operation. */
function all(gas: number): Gas {
  return Object.fromEntries(OPERATION_IDS.map((id) => [id, gas]));
}

const { b2x3: _b2, d1x3: _d1, e3: _e3, ...ofOneCollateral } = all(60_000);
const measured = { surety: all(65_000), morpho: ofOneCollateral, aave: all(200_000) };

/** In thousands 100 for the account, 10 a collateral, 20 a debt; twice that in a liquidation; in no order. */
const cells = [2, 1].flatMap((collaterals) =>
  [1, 2, 3].map((debts) => {
    const withdraw = 100_000 + 10_000 * collaterals + 20_000 * debts;
    return { collaterals, debts, withdraw, liquidate: 2 * withdraw };
  }),
);

describe("gas beside the peers", () => {
  describe("figures", () => {
    it("have a target, a floor and published peers for each of the 18 operations", () => {
      expect(Object.keys(figures.rows)).to.have.lengthOf(18);
      expect(figures.rows.a1).to.deep.include({ surety: 71_000, floor: 64_341 });
      expect(figures.rows.b2x3.published).to.include({ Comet: 176_589, "Aave v3.7": 316_266 });
      expect(figures.rows.b2x3.published).not.to.have.property("Morpho Blue");
    });

    it("stand above their floor and below every published peer", () => {
      for (const [id, { surety, floor, published }] of Object.entries(figures.rows)) {
        expect(surety, id)
          .to.be.above(floor)
          .and.below(Math.min(...Object.values(published)));
      }
    });

    it("are refused when they are no JSON, lack an operation, or are no gas", () => {
      const raw = JSON.parse(FIGURES) as { rows: Record<string, { floor: number }> };
      const { e3: _, ...without } = raw.rows;
      const fractional = { ...raw.rows, a1: { ...raw.rows.a1, floor: 0.5 } };
      const refused = ["{", { ...raw, rows: without }, { ...raw, rows: fractional }];
      for (const found of refused) {
        const text = typeof found === "string" ? found : JSON.stringify(found);
        expect(() => parseFigures(text), text.slice(0, 40)).to.throw(FiguresInvalid);
      }
    });
  });

  describe("rows", () => {
    const rows = toRows(measured, figures);
    const row = (id: string) => rows.find((found) => found.id === id);

    it("take the cheapest peer, measured before published of the same", () => {
      expect(row("a1")?.best).to.deep.equal({ name: "Morpho Blue", gas: 60_000, from: "measured" });
      const dearer = toRows({ ...measured, morpho: all(72_000) }, figures);
      expect(dearer[0]?.best).to.deep.equal({ name: "Morpho Blue", gas: 72_000, from: "measured" });
    });

    it("take a published peer where none measured is cheaper or has the operation", () => {
      expect(row("b2x3")?.best).to.deep.equal({ name: "Comet", gas: 176_589, from: "published" });
      expect(row("b2x3")).not.to.have.property("morpho");
    });

    it("need Surety's gas of every operation", () => {
      const { f4: _, ...surety } = measured.surety;
      expect(() => toRows({ ...measured, surety }, figures)).to.throw(OperationMissing);
    });

    it("become JSON with numbers and ratios", () => {
      const json = toJson(rows, cells, figures) as { rows: readonly object[] };
      expect(json.rows).to.have.lengthOf(18);
      expect(json.rows[0]).to.deep.include({
        operation: "a1 deposit collateral, first",
        surety: 65_000,
        figure: 71_000,
        bestPeer: 60_000,
        bestPeerName: "Morpho Blue",
        floor: 64_341,
        ratioToBestPeer: 1.083,
        ratioToFloor: 1.01,
      });
    });

    it("become a table that counts where Surety is dearer", () => {
      const text = renderTable(rows);
      expect(text).to.match(/a1 deposit collateral, first +│ +65,000 │ +71,000 │ +60,000/);
      expect(text).to.match(/b2 borrow, again, 3 collaterals .* – │ .*Comet\* 176,589/);
      // all but the three with three collaterals; above their figures: a2, d2, f4
      expect(text).to.contain("dearer than the best peer in 15 of 18 operations");
      expect(text).to.contain("above its figure in 3.");
    });

    it("become a page that loads nothing", () => {
      const html = renderPage(rows, cells);
      expect(html).to.contain("d1 withdraw collateral, debt open: 65,000").and.contain("<svg");
      expect(html).not.to.match(/https?:\/\//);
    });
  });

  describe("the document", () => {
    const section = renderSection(toRows(measured, figures), cells);

    it("gets the section at its end, and later in its place", () => {
      const first = replaceSection("# Title\n", section, GAS_MARKERS);
      expect(first).to.match(/^# Title\n\n<!-- gas: what/);
      expect(first).to.contain("| a1 deposit collateral, first | 65,000 | 71,000 | 60,000 |");
      const second = replaceSection(`${first}\n## After\n`, "new", GAS_MARKERS);
      expect(second).to.equal(`# Title\n\n${BEGIN}\n\nnew\n\n${END}\n\n## After\n`);
    });

    it("is refused with one marker, or both in the wrong order", () => {
      for (const broken of [BEGIN, END, `${END}\n${BEGIN}`]) {
        expect(() => replaceSection(broken, section, GAS_MARKERS), broken).to.throw(MarkersBroken);
      }
    });
  });

  describe("sizes of accounts", () => {
    it("make a line for each number of debts", () => {
      expect(linesOf(cells, "withdraw")).to.deep.equal([
        { debts: 1, gas: [130_000, 140_000] },
        { debts: 2, gas: [150_000, 160_000] },
        { debts: 3, gas: [170_000, 180_000] },
      ]);
      expect(linesOf(cells, "liquidate")[0]).to.deep.equal({ debts: 1, gas: [260_000, 280_000] });
    });

    it("say what one more costs", () => {
      expect(stepOf(cells, "collaterals")).to.equal(10_000);
      expect(stepOf(cells, "debts")).to.equal(20_000);
      expect(stepOf(cells.slice(0, 1), "debts")).to.equal(0);
    });

    it("become a table and a section", () => {
      expect(renderGridTables(cells)).to.match(/│ 2 +│ 140,000 │ 160,000 │ 180,000 │/);
      expect(gridSection(cells)).to.contain("10.0 thousand gas a collateral");
      expect(gridSection(cells)).to.contain("| 1 | 260,000 | 300,000 | 340,000 |");
    });
  });

  it("links libraries into bytecode", () => {
    const artifact = {
      abi: [],
      bytecode: `0x60${"_".repeat(40)}61`,
      linkReferences: { "A.sol": { A: [{ start: 1, length: 20 }] } },
    };
    expect(link(artifact, { A: `0x${"ab".repeat(20)}` })).to.equal(`0x60${"ab".repeat(20)}61`);
    expect(() => link(artifact, {})).to.throw(RangeError, 'library "A" found nowhere');
  });

  it("refuses options and files it does not have, and says which it has", () => {
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [at("../../scripts/benchGas.ts"), ...args], { encoding: "utf8" });
    const bad = run("--jsn", "x");
    expect(bad.status).to.equal(1);
    expect(bad.stderr).to.contain("unknown option '--jsn'");
    expect(run("--document", "none.md").stderr).to.contain('Found no file "none.md".');
    expect(run("--help").stdout).to.contain("--json <file>");
  });
});
