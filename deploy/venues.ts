// Venues that are there already, looked at before anything is sent.
import type { Provider } from "ethers";
import { isRefusal } from "../sdk/errors.ts";
import { SPOKEN } from "./contracts.ts";
import type { Step } from "./steps.ts";

/** A venue of the parameters is no ERC-4626 token of the asset of its sleeve. */
export class VenueUnfit extends Error {
  override readonly name = "VenueUnfit";
  readonly step: string;
  readonly venue: string;
  readonly found: string;
  readonly allowed: string;

  constructor(step: string, venue: string, found: string, allowed: string) {
    super(
      `step ${step}: the venue ${venue} says that its asset is ${found}, allowed: ${allowed}. ` +
        "Nothing was sent. Name an ERC-4626 token of that asset, or take the venue out.",
    );
    [this.step, this.venue, this.found, this.allowed] = [step, venue, found, allowed];
  }
}

/** Asks every venue that has an address for its asset. @throws VenueUnfit */
export async function requireVenues(provider: Provider, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.type !== "call" || step.method !== "setVenue") continue;
    const [venue] = step.args;
    if (typeof venue !== "string") continue;
    const [asset] = steps.find(({ id }) => id === step.target)?.args ?? [];
    const allowed = typeof asset === "string" ? asset : "a token that is not created yet";
    const found = await assetOf(provider, venue);
    if (found !== allowed) throw new VenueUnfit(step.id, venue, found, allowed);
  }
}

async function assetOf(provider: Provider, venue: string): Promise<string> {
  if ((await provider.getCode(venue)) === "0x") return "nothing: there is no contract";
  try {
    return await SPOKEN.VenueAllocator.connect(venue, provider).asset(); // an ERC-4626 token, too
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return "nothing: it refuses the question";
  }
}
