export { clusterProgram } from './build.ts'
export { CLUSTER_CONTEXT, startCluster } from './cluster.ts'
export type { TestCluster, TestClusterOptions } from './cluster.ts'
