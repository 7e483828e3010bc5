/**
 * The one door to the addon: loads it, and says plainly why it cannot be loaded.
 *
 * It must be loaded on a thread that outlives the workers before any of them loads it; this module is imported by both sides, the caller's first.
 */
import { UnsupportedPlatformError } from './errors.ts'

type Addon = typeof import('#binding')
export type {
  Client as NativeClient,
  FunctionAnalysis,
  FunctionMeter,
  FunctionVariable,
  Home as NativeHome,
  Job as NativeJob,
  Ledger as NativeLedger,
  NativeLane,
  Seat,
  Tally as NativeTally,
} from '#binding'

function load(): Addon {
  try {
    // `require` rather than `import`: loading must fail here, where the reason can be told.
    return require('#binding') as Addon
  } catch (error) {
    throw explain(error)
  }
}

/** Turns the loader's failure into one that says what to do. The loader keeps only the messages of what it tried, so what is forbidden is asked anew. */
function explain(error: unknown): UnsupportedPlatformError {
  const platform = `${process.platform}-${process.arch}`
  const reason = permissionHint() ?? disabledHint() ?? missingHint(platform)
  return new UnsupportedPlatformError(`everycore cannot load its native addon on ${platform}: ${reason}`, {
    cause: error,
  })
}

function permissionHint(): string | undefined {
  const { permission } = process
  if (permission === undefined) return undefined
  return "the permission model denies it; add --allow-addons, --allow-worker and --allow-fs-read for this package's folder"
}

function disabledHint(): string | undefined {
  return addonsAreDisabled() ? 'this process was started without addons; remove --no-addons' : undefined
}

/** Tries to load what is no addon: only the code of the refusal matters. */
function addonsAreDisabled(): boolean {
  try {
    process.dlopen({ exports: {} }, __filename)
    return false
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_DLOPEN_DISABLED'
  }
}

function missingHint(platform: string): string {
  return (
    `the package @everycore/binding-${platform}* is not installed or does not fit this system. ` +
    'Install without --omit=optional, on the platform that runs the program; the cause lists what was tried'
  )
}

export const addon: Addon = load()

export const analyseFunction: Addon['analyseFunction'] = addon.analyseFunction
