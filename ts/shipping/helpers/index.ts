/** Our own implementations of what compilers put around functions, by the names under which they refer to it. */
import { asyncGenerator, awaited } from './async-generators.ts'
import { asyncValues, awaiter, forAwait, runner } from './async.ts'
import * as classes from './classes.ts'
import { counter } from './counter.ts'
import * as data from './data.ts'
import { importDefault, importStar, toModule } from './modules.ts'
import { stateMachine } from './state-machine.ts'
import { addDisposable, callDispose, disposeAll, using } from './using.ts'

type Helper = (...args: never[]) => unknown

/** Under a name that is not a compiler's: what `supplies.ts` recognises by use. */
const recognised: Record<string, unknown> = { __counter: counter }

/** TypeScript's, as in `tslib`. */
const typescript: Record<string, Helper> = {
  __addDisposableResource: addDisposable,
  __assign: Object.assign,
  __asyncGenerator: asyncGenerator,
  __asyncValues: asyncValues,
  __await: awaited,
  __awaiter: awaiter,
  __classPrivateFieldGet: classes.privateGet,
  __classPrivateFieldIn: classes.privateIn,
  __classPrivateFieldSet: classes.privateSet,
  __disposeResources: disposeAll,
  __generator: stateMachine,
  __importDefault: importDefault,
  __importStar: importStar,
  __makeTemplateObject: data.templateObject,
  __propKey: data.propertyKey,
  __read: data.read,
  __rest: data.rest,
  __setFunctionName: data.setName,
  __spreadArray: data.spreadArray,
  __values: data.values,
}

/** esbuild's, which calls some by the same names and to the same effect: `__asyncGenerator`, `__await`. */
const esbuild: Record<string, Helper> = {
  __async: awaiter,
  __callDispose: callDispose,
  __defNormalProp: classes.defineField,
  __forAwait: forAwait,
  __name: data.name,
  __objRest: data.rest,
  __pow: Math.pow,
  __privateAdd: classes.memberAdd,
  __privateGet: classes.memberGet,
  __privateIn: classes.memberIn,
  __privateMethod: classes.memberMethod,
  __privateSet: classes.memberSet,
  __privateWrapper: classes.memberWrapper,
  __publicField: classes.publicField,
  __restKey: data.propertyKey,
  __spreadProps: data.spreadProps,
  __spreadValues: data.spreadValues,
  __template: data.templateObject,
  __toESM: toModule,
  __using: using,
}

/** Babel's, and under `_names_like_this` swc's. */
const babel: Record<string, Helper> = {
  _asyncIterator: asyncValues,
  _asyncToGenerator: runner,
  _classCallCheck: classes.callCheck,
  _createClass: classes.createClass,
  _defineProperty: classes.defineField,
  _extends: Object.assign,
  _interopRequireDefault: importDefault,
  _interopRequireWildcard: importStar,
  _objectSpread: data.spreadAll,
  _objectSpreadProps: data.spreadProps,
  _objectWithoutProperties: data.rest,
  _objectWithoutPropertiesLoose: data.rest,
  _slicedToArray: data.slicedToArray,
  _taggedTemplateLiteral: data.templateObject,
  _toArray: Array.from,
  _toConsumableArray: Array.from,
  _toPropertyKey: data.propertyKey,
}

/** Compiled modules refer to Babel's as `x.default` and to swc's as `x._`. */
function asModule(helper: Helper): Helper {
  const callable: Helper = (...args) => helper(...args)
  return Object.assign(callable, { default: callable, _: callable })
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function withoutProto(...tables: Record<string, unknown>[]): Record<string, unknown> {
  return Object.assign(Object.create(null), ...tables) as Record<string, unknown>
}

const named = withoutProto(
  typescript,
  esbuild,
  ...Object.entries(babel).map(([name, it]) => ({ [name]: asModule(it), [snakeCase(name)]: asModule(it) })),
)

/** All of them; `__library` stands for an import of `tslib`. */
export const helpers: Readonly<Record<string, unknown>> = withoutProto(named, recognised, { __library: named })
