/** One line of the checklist. `open`: nothing speaks against it, and something is still to be done or not known. */
export interface Finding {
  readonly check: string;
  readonly verdict: "ok" | "open" | "refused";
  readonly found: string;
  readonly remedy?: string;
}
