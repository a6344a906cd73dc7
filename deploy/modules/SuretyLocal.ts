// A rehearsal with mock tokens and feeds: `hardhat ignition deploy deploy/modules/SuretyLocal.ts`. First prices carry the time of
// the run, so a second run on a node that keeps its chain starts anew with `--reset`.
import { fileURLToPath } from "node:url";
import { suretyModule } from "../module.ts";
import { readParameters } from "../schema.ts";

// A feed must not answer from the future: the clock of a chain, or of a busy machine, may be behind this one.
const CLOCK_MARGIN = 900;

const file = fileURLToPath(new URL("../params/local.json5", import.meta.url));
const pricedAt = BigInt(Math.floor(Date.now() / 1_000) - CLOCK_MARGIN);

export default suretyModule("SuretyLocal", readParameters(file), pricedAt);
