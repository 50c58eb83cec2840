# One of the crowd: Perl's RPC::XML by route.
use strict;
use warnings;
use RPC::XML;
use RPC::XML::Client;
use Time::HiRes 'time';

$| = 1;
my $client = RPC::XML::Client->new($ENV{CROWD_XMLRPC});

sub route {
    my ($action, %input) = @_;
    my $answer = $client->simple_request('iworx.route', RPC::XML::string->new($ENV{CROWD_KEY}),
        RPC::XML::string->new('/nodeworx/siteworx'), RPC::XML::string->new($action),
        RPC::XML::struct->new(map { $_ => RPC::XML::string->new($input{$_}) } keys %input));
    die "$action: $RPC::XML::ERROR\n" unless ref $answer eq 'HASH';
    die "$action: fault $answer->{faultString}\n" if exists $answer->{faultCode};
    die "$action: $answer->{status} $answer->{payload}\n" if $answer->{status} != 0;
    return $answer->{payload};
}

my $name = $ENV{CROWD_NAME};
my $until = time + $ENV{CROWD_SECONDS};
for (my $round = 0; time < $until; $round++) {
    my $domain = "$name-$round.com";
    my $line = eval {
        route('add', master_domain => $domain, uniqname => "${name}r$round", email => 'me@example.com',
            password => 'Correct-horse7', packagetemplate => 'basic');
        my $told = route('querySiteworxAccountDetails', domain => $domain);
        route('edit', domain => $domain, status => '0') if $round % 4 == 1;
        route('edit', domain => $domain, packagetemplate => 'pro') if $round % 4 == 2;
        route('delete', domain => $domain) if $round % 4 == 3;
        $told = route('querySiteworxAccountDetails', domain => $domain) if $round % 4 != 3;
        my $state = $round % 4 == 3 ? 'parked' : $told->{status};
        "told $domain $state $told->{package_name}\n";
    };
    if (!defined $line) {
        $@ =~ s/\s+/ /g;
        print "error $@\n";
        last;
    }
    print $line;
}
print "end\n";
