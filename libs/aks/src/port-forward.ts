import { createServer, type Socket } from 'node:net'
import { PortForward } from '@kubernetes/client-node'
import type { Cluster } from './cluster.ts'

export interface Forward {
  readonly url: string
  close(): Promise<void>
}

/**
 * Opens a port on loopback whose connections end at a ready pod of the service. `port` is the container's; `local` 0 takes a free one. A connection that
 * cannot be forwarded is closed: its client sees that, and the next one is tried anew.
 */
export async function forwardPort(cluster: Cluster, namespace: string, service: string, port: number, local = 0): Promise<Forward> {
  const forward = new PortForward(cluster.config)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    forward.portForwardService(namespace, service, [port], socket, null, socket).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(local, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the forward has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
