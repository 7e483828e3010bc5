/** TEMPORARY */
export interface ErrorRecord { name: string; message: string; stack: string }
export function dismantle(e: unknown): ErrorRecord { const x = e as Error; return { name: String(x?.name), message: String(x?.message ?? e), stack: String(x?.stack) } }
export function rebuild(r: ErrorRecord, _s?: string): unknown { const e = new Error(r.message); e.name = r.name; return e }
