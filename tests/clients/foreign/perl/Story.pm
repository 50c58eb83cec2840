package Story;

# What the stories share: a step prints whether it came true, the last line says that the program ran to its end.

use v5.32;
use warnings;
use utf8;
use Exporter 'import';

our @EXPORT = qw(told step same $NICKNAME $PASSWORD);
our $NICKNAME = 'Müller & <Söhne>';
our $PASSWORD = 'Ünï-☃ horse 8';

binmode STDOUT, ':encoding(UTF-8)';

sub told { return $ENV{"IWAPI_$_[0]"} }

sub step {
    my ($name, $does) = @_;
    if (eval { $does->(); 1 }) {
        say "ok $name";
    } else {
        say "wrong $name: ", $@ =~ s/\s*\n\s*/ | /gr;
    }
    return;
}

# Dies unless two lists of texts and numbers are the same: same([...], [...]).
sub same {
    my ($expected, $got) = @_;
    my ($one, $other) = map { join ', ', map { defined ? "'$_'" : 'undef' } @$_ } $expected, $got;
    die "$one is not $other\n" if $one ne $other;
    return;
}

1;
