import { wrap } from "../explain/format.ts";
import type { Examination } from "./examine.ts";

/** The checklist as plain text, at most 100 columns wide but for calldata. */
export function renderExamination(examination: Examination): string {
  const { asset, vault, block, chainId, findings, calls, manager, isRefused } = examination;
  const open = findings.filter(({ verdict }) => verdict === "open").length;
  const opening = isRefused
    ? "Refused: the listing would fail, or must not be made."
    : `Nothing speaks against it${open === 0 ? "" : `; ${open} to look at`}.`;
  const lines = findings.flatMap(({ check, verdict, found, remedy }) => [
    wrap(found, `${verdict.padEnd(8)} ${check.padEnd(14)} `),
    ...(remedy === undefined ? [] : [wrap(remedy, `${" ".repeat(24)}→ `)]),
  ]);
  return `${[
    `Listing of ${asset} in vault ${vault}`,
    `block ${block} of chain ${chainId}; dry run, nothing was sent`,
    "",
    ...lines,
    "",
    opening,
    ...(isRefused ? [] : callLines(calls, manager)),
  ].join("\n")}\n`;
}

function callLines(calls: Examination["calls"], manager: string): readonly string[] {
  const [call] = calls;
  if (call === undefined) return [];
  return [
    "",
    wrap(
      `To be scheduled at the AccessManager ${manager}, one after the other, by the holders of the roles, and executed after their delay:`,
    ),
    ...calls.flatMap(({ role, method, data, schedule }) => [
      "",
      `${method} (${role})`,
      `  call      ${data}`,
      `  schedule  ${schedule}`,
    ]),
  ];
}
