export { placeholder } from './index.ts'
