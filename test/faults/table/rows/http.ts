import { notAtStake, type FaultGroup } from '../row.ts'

export const http: FaultGroup = {
  heading: 'A server over HTTP is killed',
  about: 'SIGKILL of `perdure serve`, asked by the client over HTTP (`perdure-http`). Turns are the workers\', so none of them notices.',
  rows: [
    {
      id: 'http-streaming',
      fault: 'while the model writes, with a stream of the turn, one of the agent and a sender who waits',
      whatHappens: 'at a second server all three go on: each event is told once, with the same bytes as to somebody whom nobody disturbed; the sender has the answer',
      test: { file: 'http-killed.test.ts', title: 'in the middle of a stream: at a second one it goes on with the same bytes as one that nobody disturbed' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a browser: only by hand, with a proxy that cuts the stream off',
    },
    {
      id: 'http-started-again',
      fault: 'while messages are sent, some of them when it is dead, and started again at its address',
      whatHappens: 'each message has one turn and its answer; who watches is told of all of them',
      test: { file: 'http-killed.test.ts', title: 'and started again: what was sent meanwhile is one message, and who watches is told of it' },
      stores: 'embedded',
      cells: { effects: notAtStake, order: 'as they were accepted' },
      notProven: 'the order in which they were sent: each is sent again by itself; a server that is away for longer than the client\'s patience, a minute',
    },
    {
      id: 'http-again-and-again',
      fault: 'again and again, and a worker with it, while many agents are talked to',
      whatHappens: 'whoever sends has each answer once it is there; each agent has each message once, with one answer, in the order in which they were sent',
      test: { file: 'http-killed.test.ts', title: 'again and again, and a worker with it, under many agents: what was sent is there once, in its order, and has its answer once' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'more than four agents with three messages each; `HTTP_KILLED=50,20,60` makes it 50 agents, 20 messages each, and a kill of both every minute',
    },
  ],
}
