/**
 * The one door to the addon: loads it, and says plainly why it cannot be loaded.
 *
 * It must be loaded on a thread that outlives the workers before any of them loads it; this module is imported by both sides, the caller's first.
 */
import { UnsupportedPlatformError } from './errors.ts'

type Addon = typeof import('#binding')
export type { Client as NativeClient, FunctionAnalysis, FunctionMeter, FunctionVariable, Home as NativeHome, Job as NativeJob, Seat } from '#binding'

function load(): Addon {
  try {
    // `require` rather than `import`: loading must fail here, where the reason can be told.
    return require('#binding') as Addon
  } catch (error) {
    throw explain(error)
  }
}

/** Turns the loader's failure into one that says what to do. */
function explain(error: unknown): UnsupportedPlatformError {
  const platform = `${process.platform}-${process.arch}`
  const reason = permissionHint(error) ?? missingHint(platform)
  return new UnsupportedPlatformError(`everycore cannot load its native addon on ${platform}: ${reason}`, { cause: error })
}

function permissionHint(error: unknown): string | undefined {
  const codes = chain(error).map((one) => (one as { code?: unknown }).code)
  if (codes.includes('ERR_DLOPEN_DISABLED')) {
    return 'this process was started without addons; remove --no-addons, or under --permission add --allow-addons and --allow-worker'
  }
  if (codes.includes('ERR_ACCESS_DENIED')) {
    return "the permission model denies it; add --allow-addons, --allow-worker and --allow-fs-read for this package's folder"
  }
  return undefined
}

function missingHint(platform: string): string {
  return (
    `the package @everycore/binding-${platform}* is not installed or does not fit this system. ` +
    'Install without --omit=optional, on the platform that runs the program; the cause lists what was tried'
  )
}

/** An error and what its loader collected as causes. */
function chain(error: unknown): unknown[] {
  const seen: unknown[] = []
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || seen.includes(one) || seen.length > 50) return
    seen.push(one)
    const cause = (one as { cause?: unknown }).cause
    if (Array.isArray(cause)) cause.forEach(walk)
    else walk(cause)
  }
  walk(error)
  return seen
}

export const addon: Addon = load()

export const analyseFunction: Addon['analyseFunction'] = addon.analyseFunction
