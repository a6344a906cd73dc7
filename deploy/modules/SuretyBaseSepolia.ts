// `hardhat ignition deploy deploy/modules/SuretyBaseSepolia.ts --network baseSepolia`
import { fileURLToPath } from "node:url";
import { suretyModule } from "../module.ts";
import { readParameters } from "../schema.ts";

const file = fileURLToPath(new URL("../params/baseSepolia.json5", import.meta.url));

// No feed of this network is a mock, so there is nothing to price.
export default suretyModule("SuretyBaseSepolia", readParameters(file), 0n);
