export { defaultDefinitionDir, loadDefinition } from './load.ts'
