import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LOCAL_MOCKS, protocolFiles } from "../../scripts/contractFiles.ts";
import { root } from "../../scripts/runTool.ts";

/** Programs that start without a build of everything. */
const PROGRAMS = ["deploy", "keeper", "risk", "scripts", "sdk"];

describe("the Solidity files that the programs need", () => {
  it("have every mock that a program reads, and no other", () => {
    const read = new Set<string>();
    for (const folder of PROGRAMS) {
      for (const file of globSync(`${folder}/**/*.ts`, { cwd: root })) {
        const text = readFileSync(path.join(root, file), "utf8");
        for (const [, name = ""] of text.matchAll(/contracts\/mocks\/([A-Za-z0-9]+)/g))
          read.add(name);
      }
    }
    expect([...read].sort()).to.deep.equal([...LOCAL_MOCKS]);
  });

  it("exist, and have every contract that is none of a test", () => {
    const files = protocolFiles(root).filter((file) => !file.startsWith("npm:"));
    for (const file of files) expect(existsSync(path.join(root, file)), file).to.equal(true);
    expect(files).to.include.members(["contracts/CollateralVault.sol", "contracts/types/Head.sol"]);
    expect(files.some((file) => file.endsWith("Harness.sol"))).to.equal(false);
    const all = globSync("contracts/**/*.sol", { cwd: root });
    const mocks = globSync("contracts/mocks/*.sol", { cwd: root });
    expect(files.length).to.equal(all.length - mocks.length + LOCAL_MOCKS.length);
  });
});
