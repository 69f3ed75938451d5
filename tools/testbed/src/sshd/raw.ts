import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { until } from './sandbox.ts'

/** The ten name lists of SSH_MSG_KEXINIT, RFC 4253 §7.1, as a client of our own offers them. */
export interface Offer {
  readonly kex?: string
  readonly hostKey?: string
  readonly cipher?: string
  readonly mac?: string
  readonly compression?: string
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const string = (text: string): Buffer => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)])

/** A plain SSH packet, RFC 4253 §6. */
export function packet(payload: Buffer): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + 8
  return Buffer.concat([uint32(payload.length + padding + 1), Buffer.from([padding]), payload, randomBytes(padding)])
}

export function kexInit(offer: Offer = {}): Buffer {
  const { kex = 'curve25519-sha256', hostKey = 'ssh-ed25519', cipher = 'aes256-ctr', mac = 'hmac-sha2-256', compression = 'none' } = offer
  const lists = [kex, hostKey, cipher, cipher, mac, mac, compression, compression, '', '']
  return packet(Buffer.concat([Buffer.from([20]), randomBytes(16), ...lists.map(string), Buffer.from([0]), uint32(0)]))
}

/** SSH_MSG_DISCONNECT, RFC 4253 §11.1. */
export const disconnect = (reason: number, text: string): Buffer => packet(Buffer.concat([Buffer.from([1]), uint32(reason), string(text), string('')]))

export class RawConnection {
  readonly #socket: Socket
  #read = Buffer.alloc(0)
  #ended = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => (this.#read = Buffer.concat([this.#read, chunk])))
    socket.on('error', () => undefined)
    socket.on('close', () => (this.#ended = true))
    socket.on('end', () => (this.#ended = true))
  }

  /** Waits for the server's banner: by then sshd's child has the connection. */
  async banner(): Promise<this> {
    await until('the server sends its banner', () => this.#read.includes('\n') || this.#ended)
    return this
  }

  /** Waits for the server's KEXINIT, which follows its banner. */
  async serverKexInit(): Promise<this> {
    await until('the server sends its KEXINIT', () => this.#read.subarray(this.#read.indexOf('\n') + 1).length > 100 || this.#ended)
    return this
  }

  send(data: string | Buffer): this {
    this.#socket.write(data)
    return this
  }

  close(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  /** Waits until the server has closed. */
  async closed(): Promise<void> {
    await until('the server closes the connection', () => this.#ended)
  }
}
