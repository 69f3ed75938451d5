export * from './ports.ts'
export { Column, Layer, Output, OutputFormat, Schema, View } from './layers/layer.ts'
export type { LayerName, PipelineDefinition } from './layers/layer.ts'
