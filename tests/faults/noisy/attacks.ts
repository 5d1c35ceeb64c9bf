import { VISITOR_IPV4, VM_IPV4 } from '../../helpers/outer-network.js'

/** How long an attack goes on, as each program is told in its first argument. */
export const ATTACK_SECONDS = 3

const PRELUDE = 'use strict; use Socket; use Fcntl; $| = 1; my $end = time + $ARGV[0];'

const PAUSE = 'select(undef, undef, undef, 0.02)'

/** As many processes as the site may have, each trying for more. */
const FORK_BOMB = `${PRELUDE} print "on\\n"; while (time < $end) { fork }`

/** Takes memory until it is killed for it, again and again. */
const MEMORY_HOG = `${PRELUDE} print "on\\n"; while (time < $end) {
  my $child = fork // next; if (!$child) { my @kept; push @kept, "x" x 1048576 while time < $end; exit } waitpid $child, 0 }`

export const CPU_HOG = `${PRELUDE} for (1 .. 7) { fork || last } print "on\\n"; 1 while time < $end`

/** Small synchronous writes, large ones, and files made and removed, all pressed to the disk at once. */
const IO_HOG = `${PRELUDE} my $me = 0; for my $n (1 .. 7) { if (!fork) { $me = $n; last } } print "on\\n";
  my $big = "x" x (4 * 1048576); my $round = 0;
  while (time < $end) {
    my $name = "/home/site/hog-$me-" . ($round++ % 4);
    unlink $name if $me % 2; open(my $file, "+>", $name) or next;
    syswrite $file, $me < 4 ? $big : "x" x 4096; syscall(74, fileno $file); close $file }
  unlink glob "/home/site/hog-$me-*"`

/** 10,000 connections: 5,000 outwards, 5,000 to the platform's own front proxy; all that succeed are held. Says how many of each did. */
const CONNECTIONS = `${PRELUDE} my @to = (pack_sockaddr_in(8000, inet_aton("${VISITOR_IPV4}")), pack_sockaddr_in(443, inet_aton("${VM_IPV4}")));
  my $me = 0; pipe(my $in, my $out); for my $n (1 .. 3) { if (!fork) { $me = $n; last } } my (@kept, @up);
  for my $n (1 .. 2500) { socket(my $s, PF_INET, SOCK_STREAM, 0) or last; fcntl $s, F_SETFL, O_NONBLOCK; connect $s, $to[$me % 2]; push @kept, $s;
    print "on\\n" if $me == 0 && $n == 500 }
  ${PAUSE} while time < $end; my $count = grep { getpeername $_ } @kept; syswrite $out, "$me $count\\n"; exit if $me;
  1 while wait != -1; close $out; my @sum = (0, 0); while (<$in>) { my ($who, $n) = split; $sum[$who % 2] += $n } print "@sum\\n"`

/**
 * Every kernel table that sites could share, taken until it is refused. Says how much of each there was; its second argument is the most it tries for.
 * Then all its processes open files until they may not any more. What outlives a process is taken away at the end.
 */
const HOARDER = `${PRELUDE} my $most = $ARGV[1]; my (%got, @kept, @sets, $n);
  my $take = sub { my ($what, $act, $times) = @_; $got{$what} = 0; for (1 .. $most * ($times // 1)) { my $one = $act->(); last unless defined $one; push @kept, $one; $got{$what}++ } };
  my $call = sub { my $number = shift; my $answer = syscall($number, @_); $answer < 0 ? undef : $answer };
  my $device = sub { my ($how, $path) = @_; my $file; open($file, $how, $path) ? $file : undef };
  my ($name, $queue, $key, $type, $text) = ("", 0, 0, "user", "x" x 100);
  $take->(inotify => sub { $call->(294, 0) });
  $take->(aio => sub { my $to = pack("Q", 0); $call->(206, 64, $to) });
  $take->(terminals => sub { $device->("+<", "/dev/ptmx") });
  $take->(semaphores => sub { my $set = semget(0, 250, 01600); push @sets, $set if defined $set; $set });
  $take->(queues => sub { $name = "q$$-" . $queue++; $call->(240, $name, 66, 0600, 0) });
  $take->(timers => sub { my $id = pack("Q", 0); $call->(222, 0, 0, $id) }, 3);
  $take->(keys => sub { $name = "k" . $key++; $call->(248, $type, $name, $text, 100, -3) });
  $take->(files => sub { $device->("<", "/dev/null") });
  print join(" ", map { "$_=$got{$_}" } sort keys %got), "\\n";
  if ($most > 1000) { for (1 .. 60) { if (!fork) { my @mine; while (defined(my $file = $device->("<", "/dev/null"))) { push @mine, $file } last } } }
  ${PAUSE} while time < $end;
  semctl($_, 0, 0, 0) for @sets; for $n (0 .. $queue) { $name = "q$$-$n"; syscall(241, $name) }`

export const ATTACKS = {
  'a fork bomb': FORK_BOMB,
  'a memory hog': MEMORY_HOG,
  'a CPU hog': CPU_HOG,
  'an I/O hog': IO_HOG,
  '10,000 connections': CONNECTIONS,
  'a hoarder of inotify, terminals, semaphores, queues and files': HOARDER,
} as const
export type AttackName = keyof typeof ATTACKS
