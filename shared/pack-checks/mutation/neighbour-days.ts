/** The days before and after one, `YYYY-MM-DD`. */
export function neighbourDays(day: string): { readonly before: string; readonly after: string } {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const at = (days: number) => new Date(noon + days * 86_400_000).toISOString().slice(0, 10);
  return { before: at(-1), after: at(1) };
}
