# What the clients of all databases share: bounds, JSON, statements, dumps on their way. Each `client` follows it in one program, which the agent
# runs with `perl -e` inside the site, as the site's user: client look | rows TABLE SCHEMA SORT DIRECTION OFFSET LIMIT | run (SQL on stdin) |
# export FORMAT | import FORMAT BYTES. It is no part of a template, so that it holds for sites of every age. Answers are one JSON document.
use strict;
use warnings;
use Compress::Raw::Zlib;
use Digest::SHA qw(sha1 sha256 hmac_sha256);
use Fcntl;
use IO::Select;
use IO::Socket::UNIX;
use List::Util qw(max min);
use MIME::Base64;
use POSIX ();
use Time::HiRes qw(time);

$ENV{PATH} = '/usr/local/bin:/usr/bin:/bin';
$ENV{LANG} = 'C.UTF-8';
$SIG{PIPE} = 'IGNORE';
binmode STDIN;
binmode STDOUT;

use constant {
  RUN_SECONDS => 30,
  LOOK_SECONDS => 15,
  MOST_STATEMENTS => 200,
  MOST_ROWS => 500,
  MOST_TABLES => 1000,
  # Of an answer's cells and columns, as JSON; its frame is small.
  MOST_BYTES => 2_000_000,
  CELL_BYTES => 4096,
  BINARY_BYTES => 256,
  CHUNK => 65_536,
};

# --- answers

sub answer { my ($json) = @_; print $json; close STDOUT; POSIX::_exit(0) }
sub refuse { my ($code, $message) = @_; answer('{"refused":{"code":' . text($code) . ',"message":' . text(plain($message)) . '}}') }

my %ESCAPED = ('"' => '\\"', '\\' => '\\\\', "\n" => '\\n', "\r" => '\\r', "\t" => '\\t');
sub text {
  my ($bytes) = @_;
  $bytes =~ s/(["\\\x00-\x1f\x7f])/$ESCAPED{$1} \/\/ sprintf('\\u%04x', ord $1)/ge;
  return "\"$bytes\"";
}

sub is_utf8 { my ($copy) = @_; return utf8::decode($copy) }

# As many whole characters as fit.
sub cut {
  my ($bytes, $most) = @_;
  return $bytes if length $bytes <= $most;
  $bytes = substr $bytes, 0, $most;
  $bytes =~ s/(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\z//;
  return $bytes;
}

# One readable line of what a program said.
sub plain {
  my ($said) = @_;
  $said =~ s/[\x00-\x1f\x7f]+/ /g;
  $said =~ s/^ +| +$//g;
  $said = cut($said, 1000);
  return is_utf8($said) ? $said : $said =~ s/[^\x20-\x7e]/?/gr;
}

# `bytes`: the value, or as much of its beginning as was kept of `size` bytes.
sub cell {
  my ($bytes, $is_binary, $size) = @_;
  return 'null' unless defined $bytes;
  $size //= length $bytes;
  my $kept = cut($bytes, CELL_BYTES);
  if (!$is_binary && is_utf8($kept)) {
    return text($kept) if length $kept == $size;
    return '{"text":' . text($kept) . ',"sizeBytes":' . $size . '}';
  }
  return '{"binary":"' . encode_base64(substr($bytes, 0, BINARY_BYTES), '') . '","sizeBytes":' . $size . '}';
}

sub column {
  my ($name, $type) = @_;
  my $kept = cut($name, 256);
  $kept =~ s/[^\x20-\x7e]/?/g unless is_utf8($kept);
  return '{"name":' . text($kept) . (defined $type ? ',"type":' . text(cut($type, 100)) : '') . '}';
}

my $left = MOST_BYTES;

# The result of one statement, as much as there is room for.
sub new_result { return { columns => undef, rows => [], truncated => 0, most => $_[0] // MOST_ROWS, affected => undef } }

sub add_columns {
  my ($result, @columns) = @_;
  $result->{columns} = [@columns];
  $left -= length($_) + 1 for @columns;
  $result->{columns} = [], $result->{truncated} = 1 if $left < 0;
}

sub has_room {
  my ($result) = @_;
  return 1 if $left > 0 && @{ $result->{rows} } < $result->{most};
  $result->{truncated} = 1;
  return 0;
}

sub add_row {
  my ($result, @cells) = @_;
  return unless has_room($result);
  my $row = '[' . join(',', @cells) . ']';
  $left -= length($row) + 1;
  return $result->{truncated} = 1 if $left < 0;
  push @{ $result->{rows} }, $row;
}

sub result_json {
  my ($result) = @_;
  my @parts = ('"truncated":' . ($result->{truncated} ? 'true' : 'false'));
  push @parts, '"columns":[' . join(',', @{ $result->{columns} }) . ']', '"rows":[' . join(',', @{ $result->{rows} }) . ']' if $result->{columns};
  push @parts, '"affected":' . $result->{affected} if defined $result->{affected};
  return '{' . join(',', @parts) . '}';
}

sub table_json {
  my ($schema, $name, $kind, $rows, $size) = @_;
  return '{' . (defined $schema ? '"schema":' . text($schema) . ',' : '') . '"name":' . text($name) . ',"kind":' . text($kind) .
    ',"rows":' . number($rows) . ',"sizeBytes":' . number($size) . '}';
}

sub number { my ($text) = @_; return defined $text && $text =~ /^\d{1,15}$/ ? $text + 0 : 'null' }

sub look_json {
  my ($size, @tables) = @_;
  # A name that is no text cannot be asked for either.
  my @known = grep { is_utf8($_) } @tables;
  my $truncated = @known > MOST_TABLES || @known < @tables;
  splice @known, MOST_TABLES if @known > MOST_TABLES;
  return '{"tables":[' . join(',', @known) . '],"sizeBytes":' . number($size) . ',"truncated":' . ($truncated ? 'true' : 'false') . '}';
}

# A page of a table, asked for with one row more than it has.
sub page_json {
  my ($result, $limit) = @_;
  my $more = $result->{truncated} || @{ $result->{rows} } > $limit;
  splice @{ $result->{rows} }, $limit if @{ $result->{rows} } > $limit;
  return '{"columns":[' . join(',', @{ $result->{columns} // [] }) . '],"rows":[' . join(',', @{ $result->{rows} }) . '],"more":' . ($more ? 'true' : 'false') . '}';
}

# --- statements

# The statements of a text, as [offset, statement]. It knows where quotes and comments of the dialect end, not what they mean.
sub split_sql {
  my ($sql, $dialect) = @_;
  my ($delimiter, $first, @found) = (';', undef);
  my ($is_mariadb, $is_postgresql, $is_sqlite) = map { $dialect eq $_ } qw(mariadb postgresql sqlite);
  my $close = sub {
    my ($end) = @_;
    push @found, [$first, substr($sql, $first, $end - $first)] if defined $first;
    undef $first;
  };
  pos($sql) = 0;
  while (pos($sql) < length $sql) {
    my $at = pos $sql;
    next if $sql =~ /\G\s+/gc;
    if ($is_mariadb && !defined $first && $sql =~ /\GDELIMITER[ \t]+(\S+)[ \t]*(?:\r?\n|\z)/gci) { $delimiter = $1; next }
    next if $is_mariadb ? $sql =~ /\G(?:--(?=\s|\z)|#)[^\n]*/gc : $sql =~ /\G--[^\n]*/gc;
    if ($sql =~ /\G\/\*/gc) {
      # What MariaDB runs although it looks like a comment is a statement.
      $first //= $at if $is_mariadb && $sql =~ /\GM?!/gc;
      if ($is_postgresql) {
        for (my $depth = 1; $depth > 0 && $sql =~ /\G.*?(\/\*|\*\/|\z)/gcs;) { last if $1 eq ''; $depth += $1 eq '/*' ? 1 : -1 }
      } else { $sql =~ /\G.*?(?:\*\/|\z)/gcs }
      next;
    }
    if (substr($sql, $at, length $delimiter) eq $delimiter) {
      pos($sql) = $at + length $delimiter;
      $close->($at) unless defined $first && is_inside_body($dialect, substr($sql, $first, $at - $first));
      next;
    }
    $first //= $at;
    if ($is_postgresql && $sql =~ /\G(\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$)/gc) {
      my $end = index $sql, $1, pos $sql;
      pos($sql) = $end < 0 ? length $sql : $end + length $1;
      next;
    }
    next if $is_postgresql && $sql =~ /\GE'(?:[^'\\]++|\\.|'')*+(?:'|\z)/gcsi;
    next if $is_mariadb && $sql =~ /\G(?:'(?:[^'\\]++|\\.|'')*+(?:'|\z)|"(?:[^"\\]++|\\.|"")*+(?:"|\z))/gcs;
    next if $sql =~ /\G(?:'[^']*+(?:'|\z)|"[^"]*+(?:"|\z))/gc;
    next if !$is_postgresql && $sql =~ /\G`[^`]*+(?:`|\z)/gc;
    next if $is_sqlite && $sql =~ /\G\[[^\]]*+(?:\]|\z)/gc;
    next if $sql =~ /\G[A-Za-z_\x80-\xff][\w\$\x80-\xff]*/gc;
    $sql =~ /\G./gcs;
  }
  $close->(length $sql);
  refuse('invalid', 'There are more than ' . MOST_STATEMENTS . ' statements: import them instead.') if @found > MOST_STATEMENTS;
  return @found;
}

# Is this the beginning of a definition whose statements end with END;?
sub is_inside_body {
  my ($dialect, $text) = @_;
  my $has_body = $dialect eq 'sqlite' ? qr/^CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b/i : $dialect eq 'postgresql' ? qr/^CREATE\b.*\bBEGIN\s+ATOMIC\b/is : undef;
  return $has_body && $text =~ $has_body && $text !~ /;\s*END\s*\z/i;
}

# Line and column of the character `position` (from 1, none: only the line `line` of the statement) of a statement that begins at `offset`.
sub place {
  my ($sql, $offset, $statement, $position, $line) = @_;
  if (defined $position) {
    utf8::decode(my $characters = $statement);
    my $before = substr $characters, 0, $position - 1;
    utf8::encode($before);
    $offset += length $before;
  }
  my $before = substr $sql, 0, $offset;
  my $lines = 1 + ($before =~ tr/\n//);
  return ',"line":' . ($lines + $line - 1) if defined $line && !defined $position;
  return ',"line":' . $lines unless defined $position;
  my $start = substr $before, 1 + rindex($before, "\n");
  utf8::decode($start);
  return ',"line":' . $lines . ',"column":' . (1 + length $start);
}

sub read_sql { local $/ = undef; my $sql = <STDIN>; return $sql // '' }

# Runs statement after statement until one fails or the time is over. `$run` answers undef or what was wrong: {message, position, line}; `$begin` is told
# before which there are.
sub run_statements {
  my ($dialect, $run, $cancel, $begin) = @_;
  my $sql = read_sql();
  my $begun = time;
  my @statements = split_sql($sql, $dialect);
  $begin->(map { $_->[1] } @statements) if $begin && @statements;
  my (@results, $error);
  my $n = 0;
  for (@statements) {
    my ($offset, $statement) = @$_;
    $n += 1;
    my $result = new_result();
    my ($failed, $is_late) = (undef, 0);
    my $ok = eval {
      local $SIG{ALRM} = sub { die "time is over\n" };
      Time::HiRes::alarm(max(0.001, RUN_SECONDS - (time - $begun)));
      $failed = $run->($statement, $result);
      Time::HiRes::alarm(0);
      1;
    };
    Time::HiRes::alarm(0);
    if (!$ok && $@ eq "time is over\n") {
      $is_late = 1;
      eval { $cancel->() };
      $failed = { message => 'It took longer than ' . RUN_SECONDS . ' seconds and was ended.' };
    } elsif (!$ok) { $failed = { message => $@ } }
    if ($failed) {
      my $place = place($sql, $offset, $statement, $failed->{position}, $failed->{line});
      $error = '{"statement":' . $n . ',"message":' . text(plain($failed->{message})) . $place . ',"timedOut":' . ($is_late ? 'true' : 'false') . '}';
      last;
    }
    push @results, result_json($result);
  }
  my $elapsed = int(1000 * (time - $begun));
  answer('{"statements":[' . join(',', @results) . '],' . (defined $error ? "\"error\":$error," : '') . "\"elapsedMs\":$elapsed}");
}

# Our own questions have less time. AppError-like end: `timed_out`.
sub within_time {
  my ($work) = @_;
  local $SIG{ALRM} = sub { refuse('timed_out', 'The database did not answer in time.') };
  alarm LOOK_SECONDS;
  my $json = eval { $work->() } // refuse('invalid', ref $@ ? $@->{message} : $@);
  alarm 0;
  answer($json);
}

# --- connections

sub connect_socket {
  my ($path) = @_;
  return IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path) // refuse('unavailable', 'The database does not answer.');
}

sub write_all {
  my ($socket, $bytes) = @_;
  my $at = 0;
  while ($at < length $bytes) {
    my $written = syswrite($socket, $bytes, length($bytes) - $at, $at);
    die "the connection to the database broke\n" unless defined $written || $!{EINTR};
    $at += $written // 0;
  }
}

sub random_bytes {
  my ($n) = @_;
  open(my $random, '<:raw', '/dev/urandom') or die "no random numbers\n";
  read($random, my ($bytes), $n);
  return $bytes;
}

sub quote_name { my ($name) = @_; return '"' . $name =~ s/"/""/gr . '"' }

# A reader of `socket`: its first `n` bytes, or past them.
sub take_bytes {
  my ($in, $n) = @_;
  fill($in) while length($in->{buffer}) - $in->{at} < $n;
  my $taken = substr $in->{buffer}, $in->{at}, $n;
  $in->{at} += $n;
  return $taken;
}

sub skip_bytes {
  my ($in, $n) = @_;
  while ($n > 0) {
    fill($in) if $in->{at} >= length $in->{buffer};
    my $step = min($n, length($in->{buffer}) - $in->{at});
    $in->{at} += $step;
    $n -= $step;
  }
}

sub fill {
  my ($in) = @_;
  substr($in->{buffer}, 0, $in->{at}, '') if $in->{at} > 0;
  $in->{at} = 0;
  my $got = sysread $in->{socket}, $in->{buffer}, CHUNK, length $in->{buffer};
  die "the connection to the database broke\n" if defined $got ? $got == 0 : !$!{EINTR};
}

# --- dumps

# A program with pipes of its own to what is asked for: { pid, in, out, err }.
sub launch {
  my ($ends, @command) = @_;
  my %pipes;
  for my $name (qw(in out err)) { pipe(my $r, my $w) or die "pipe: $!\n"; $pipes{$name} = [$r, $w] }
  my $pid = fork // die "The site has as many processes as it may have.\n";
  if ($pid == 0) {
    my ($stdin) = $ends =~ /i/ ? $pipes{in}[0] : undef;
    open STDIN, '<&', $stdin or POSIX::_exit(126) if $stdin;
    open STDIN, '<', '/dev/null' unless $stdin;
    if ($ends =~ /o/) { open STDOUT, '>&', $pipes{out}[1] or POSIX::_exit(126) } else { open STDOUT, '>', '/dev/null' }
    open STDERR, '>&', $pipes{err}[1] or POSIX::_exit(126);
    exec { $command[0] } @command or POSIX::_exit(127);
  }
  close $pipes{in}[0]; close $pipes{out}[1]; close $pipes{err}[1];
  return { pid => $pid, in => $pipes{in}[1], out => $pipes{out}[0], err => $pipes{err}[0] };
}

sub wait_for { my ($child) = @_; waitpid $child->{pid}, 0; return $? }

# Passes a dump on, packed when that is asked for. Nothing is promised before its end: the exit code says whether it is whole.
sub export_dump {
  my ($format, @command) = @_;
  my $child = launch('o', @command);
  close $child->{in};
  my ($deflate) = $format eq 'gz' ? Compress::Raw::Zlib::Deflate->new(-WindowBits => WANT_GZIP, -AppendOutput => 0) : undef;
  my $said = '';
  my $select = IO::Select->new($child->{out}, $child->{err});
  while (my @ready = $select->can_read) {
    for my $handle (@ready) {
      my $got = sysread $handle, my $chunk, CHUNK;
      if (!$got) { $select->remove($handle); next }
      if ($handle == $child->{err}) { $said = substr $said . $chunk, -4000; next }
      if ($deflate) { $deflate->deflate($chunk, my $packed); $chunk = $packed }
      write_all(\*STDOUT, $chunk) if length $chunk;
    }
  }
  if (wait_for($child) != 0) { print STDERR plain($said); POSIX::_exit(1) }
  if ($deflate) { $deflate->flush(my $rest); write_all(\*STDOUT, $rest) }
  POSIX::_exit(0);
}

# The beginnings of the lines that were read last: what stands where an error is told.
my (@lines, $line_begun);
my ($first_line, $line_bytes) = (1, 0);
sub remember_lines {
  my ($chunk) = @_;
  for (split /(?<=\n)/, $chunk) {
    if ($line_begun) { $lines[-1] .= substr $_, 0, 300 - length $lines[-1] if length $lines[-1] < 300 }
    else { push @lines, substr($_, 0, 300); $line_bytes += 350 }
    $line_begun = !/\n\z/;
  }
  while ($line_bytes > 8_000_000) { shift @lines; $first_line += 1; $line_bytes -= 350 }
}

# Reads `bytes` bytes of a dump from stdin, unpacks them, and gives them to a program. `$explain` finds (message, line) in what that says.
sub import_dump {
  my ($format, $bytes, $explain, @command) = @_;
  my $child = launch('i', @command);
  close $child->{out};
  fcntl $child->{in}, F_SETFL, fcntl($child->{in}, F_GETFL, 0) | O_NONBLOCK;
  my ($waiting, $said, $ended) = ('', '', 0);
  my $errors = IO::Select->new($child->{err});
  my $input = IO::Select->new($child->{in});
  my $hear = sub {
    my $got = sysread $child->{err}, my $chunk, CHUNK;
    if (!$got) { $errors->remove($child->{err}); return }
    $said .= $chunk if length $said < 64_000;
  };
  # False: the program has ended, and takes no more.
  my $give = sub {
    while (length $waiting) {
      my ($readable, $writable) = IO::Select->select($errors, $input);
      $hear->() if $readable && @$readable;
      next unless $writable && @$writable;
      my $written = syswrite $child->{in}, $waiting;
      if (defined $written) { substr $waiting, 0, $written, '' }
      elsif (!$!{EAGAIN} && !$!{EINTR}) { return 0 }
    }
    return 1;
  };
  my $taken = 0;
  my $broken = unpack_stdin($format, sub { $taken += $_[0] }, sub { remember_lines($_[0]); $waiting .= $_[0]; $give->() });
  $broken = 'The upload broke off.' if !defined $broken && $taken < $bytes;
  # A program that still reads has not come to its end, and what it holds open is undone.
  if ($broken && $broken ne 'ended') { kill 'KILL', $child->{pid}; wait_for($child); refuse('invalid', $broken) }
  close $child->{in};
  $hear->() while $errors->count && $errors->can_read;
  return answer('{}') if wait_for($child) == 0;
  my ($message, $line) = $explain->($said);
  my $where = $line ? "Line $line: " : '';
  my $statement = $line && $line >= $first_line ? join '', @lines[$line - $first_line .. min($line - $first_line + 4, $#lines)] : '';
  $message = $where . plain($message);
  $message .= ' – ' . plain(cut($statement, 300)) if length $statement;
  answer('{"refused":{"code":"invalid","message":' . text($message) . '}}');
}

# Answers what is wrong with the input, 'ended' when `$take` wants no more, or undef.
sub unpack_stdin {
  my ($format, $count, $take) = @_;
  my $inflate;
  my $is_open = $format eq 'gz';
  while (my $got = sysread STDIN, my $chunk, CHUNK) {
    $count->($got);
    if ($format ne 'gz') { return 'ended' unless $take->($chunk); next }
    while (length $chunk) {
      $inflate //= Compress::Raw::Zlib::Inflate->new(-WindowBits => WANT_GZIP, -Bufsize => CHUNK, -LimitOutput => 1, -AppendOutput => 0);
      $is_open = 1;
      my $status;
      do {
        $status = $inflate->inflate($chunk, my $plain);
        return 'This is not a gzip file.' unless $status == Z_OK || $status == Z_STREAM_END || $status == Z_BUF_ERROR;
        return 'ended' if length $plain && !$take->($plain);
      } while ($status == Z_BUF_ERROR && length $chunk) || ($status == Z_OK && length $chunk);
      if ($status == Z_STREAM_END) { undef $inflate; $is_open = 0 }
      last if $status == Z_BUF_ERROR;
    }
  }
  return $is_open ? 'The gzip file is not complete.' : undef;
}
