/**
 * For the child's side: runs `stop` once, on SIGTERM, SIGINT or when the parent is gone (its IPC channel closes), then exits. Without it a
 * killed parent would leave its children behind.
 */
export function stopWithParent(stop: () => Promise<void>): void {
  let stopping = false
  const once = (): void => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', once)
  process.on('disconnect', once)
}
