import { expect, test } from 'vitest'
import { temporalProxy } from '../../src/client/temporal-proxy.ts'

const proxy = { host: 'proxy.example:3128' }
const http_proxy = 'http://proxy.example:3128'

test.for<[what: string, address: string, environment: Readonly<Record<string, string>>, expected: object | undefined]>([
  ['none is named', 'temporal.example:7233', {}, undefined],
  ['one is named', 'temporal.example:7233', { http_proxy }, proxy],
  ['several are named, the one for gRPC counts', 'temporal.example:7233', { http_proxy: 'http://other:1', grpc_proxy: http_proxy }, proxy],
  ['it has a port by default, a user and a password', 'temporal.example:7233', { https_proxy: 'http://ada:p%40ss@proxy.example' }, { host: 'proxy.example:80', user: 'ada', password: 'p@ss' }],
  ['the server is on this machine', 'localhost:7233', { http_proxy }, undefined],
  ['the server is on this machine, by IPv6', '[::1]:7233', { http_proxy }, undefined],
  ['the server is excepted', 'temporal.example:7233', { http_proxy, no_proxy: 'a.example, temporal.example' }, undefined],
  ['its domain is excepted', 'temporal.example:7233', { http_proxy, no_proxy: '.example' }, undefined],
  ['its block of addresses is excepted', '10.1.2.3:7233', { http_proxy, no_proxy: '10.0.0.0/8' }, undefined],
  ['another block is excepted', '11.1.2.3:7233', { http_proxy, no_proxy: '10.0.0.0/8,a' }, proxy],
  ['all are excepted', 'temporal.example:7233', { http_proxy, no_proxy: '*' }, undefined],
  ['no exception is for gRPC', 'temporal.example:7233', { http_proxy, no_grpc_proxy: 'a', no_proxy: '*' }, proxy],
])('a Temporal server is reached as the variables say where %s', ([, address, environment, expected]) => {
  expect(temporalProxy(address, environment)).toEqual(expected)
})

test.for(['socks5://127.0.0.1:1080', 'proxy:3128', 'https://proxy.example', '://'])('%s is refused by the name of its variable', (value) => {
  expect(() => temporalProxy('temporal.example:7233', { https_proxy: value })).toThrow(/^https_proxy names no proxy by which a Temporal server can be reached: .*no_grpc_proxy=temporal\.example/)
})
