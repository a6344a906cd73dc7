// `hardhat ignition deploy deploy/modules/SuretySepolia.ts --network sepolia`
import { fileURLToPath } from "node:url";
import { suretyModule } from "../module.ts";
import { readParameters } from "../schema.ts";

const file = fileURLToPath(new URL("../params/sepolia.json5", import.meta.url));

// No feed of this network is a mock, so there is nothing to price.
export default suretyModule("SuretySepolia", readParameters(file), 0n);
