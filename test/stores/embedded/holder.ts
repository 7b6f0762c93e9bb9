import { setTimeout as sleep } from 'node:timers/promises'
import Libsql from 'libsql'

// A process of its own: takes the write lock of the file, says so, and gives it back after so many milliseconds.
const [file = '', milliseconds = '0'] = process.argv.slice(2)
const database = new Libsql(file)
database.exec('BEGIN IMMEDIATE')
process.stdout.write('held\n')
await sleep(Number(milliseconds))
database.exec('COMMIT')
database.close()
